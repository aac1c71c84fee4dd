package dev.larder.serve.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubRoutesTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static HubRoute parse(String path, String query) {
    return HubRoutes.parse(List.of(path.split("/", -1)), query, HubRoutesTest::decode);
  }

  private static HubRoute parse(String path) {
    return parse(path, "");
  }

  private static Optional<String> decode(String raw) {
    try {
      return Optional.of(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2/resolve/main/x, gpt2, main, x",
    "o/n/resolve/main/a/b.txt, o/n, main, a/b.txt",
    "datasets/o/n/resolve/v1/x, datasets/o/n, v1, x",
    "datasets/squad/resolve/v1/x, datasets/squad, v1, x",
    "spaces/o/n/resolve/main/app.py, spaces/o/n, main, app.py",
    "o/n/resolve/refs%2Fpr%2F1/x, o/n, refs/pr/1, x",
    "o/n/resolve/refs/pr/1/sub/x, o/n, refs/pr/1, sub/x",
    "o/n/resolve/refs/convert/parquet/x, o/n, refs/convert/parquet, x",
    "o/n/resolve/refs/other/x, o/n, refs, other/x",
    "o/n/resolve/main/sub%2Fx%20y%23%25.txt, o/n, main, sub/x y#%.txt",
    "o/n/resolve/main/a+b, o/n, main, a+b",
    "o/resolve/resolve/main/x, o, resolve, main/x",
    "api/resolve-cache/models/o/n/" + COMMIT + "/a/b, o/n, " + COMMIT + ", a/b",
    "api/resolve-cache/datasets/n/" + COMMIT + "/a, datasets/n, " + COMMIT + ", a"
  })
  void resolve(String path, String repo, String revision, String entry) {
    assertThat(parse(path))
        .isEqualTo(
            new HubRoute.Resolve(RepoId.parse(repo), new Revision(revision), new EntryPath(entry)));
  }

  @Test
  void api_questions_areRead() {
    RepoId model = RepoId.model("o/n");
    Revision main = Revision.MAIN;

    assertThat(ask("api/models/o/n", "blobs=true"))
        .isEqualTo(new DocumentRequest.Info(model, Optional.empty(), "blobs=true"));
    assertThat(ask("api/models/gpt2", ""))
        .isEqualTo(new DocumentRequest.Info(RepoId.model("gpt2"), Optional.empty(), ""));
    assertThat(ask("api/datasets/o/n/revision/refs%2Fpr%2F1", ""))
        .isEqualTo(
            new DocumentRequest.Info(
                new RepoId(RepoKind.DATASET, "o/n"), Optional.of(new Revision("refs/pr/1")), ""));
    assertThat(ask("api/models/gpt2/refs", "include_prs=1"))
        .isEqualTo(new DocumentRequest.Refs(RepoId.model("gpt2"), "include_prs=1"));
    assertThat(ask("api/models/o/n/commits/main", "p=2"))
        .isEqualTo(new DocumentRequest.Commits(model, main, "p=2"));
    assertThat(ask("api/whoami-v2", "")).isEqualTo(new DocumentRequest.WhoAmI());
    assertThat(ask("api/datasets", "search=x"))
        .isEqualTo(new DocumentRequest.Search(RepoKind.DATASET, "search=x"));
    assertThat(ask("api/models/o/n/auth-check", ""))
        .isEqualTo(new DocumentRequest.AuthCheck(model));
    assertThat(ask("o/n/raw/main/x", ""))
        .isEqualTo(new DocumentRequest.Raw(model, main, new EntryPath("x")));
    assertThat(parse("api/spaces/o/n/paths-info/main"))
        .isEqualTo(new HubRoute.PathsInfo(new RepoId(RepoKind.SPACE, "o/n"), main));
  }

  @Test
  void tree_pathsAndRevisions_inEverySpelling() {
    RepoId model = RepoId.model("o/n");

    assertThat(ask("api/models/o/n/tree/main", "recursive=true&expand=false"))
        .isEqualTo(new DocumentRequest.Tree(model, Revision.MAIN, Optional.empty(), true, false));
    assertThat(ask("api/models/o/n/tree/main/a%2Fb", "recursive=True&expand=1"))
        .isEqualTo(
            new DocumentRequest.Tree(
                model, Revision.MAIN, Optional.of(new EntryPath("a/b")), true, true));
    assertThat(ask("api/models/o/n/tree/refs/pr/1", ""))
        .isEqualTo(ask("api/models/o/n/tree/refs%2Fpr%2F1", ""));
    assertThat(ask("api/models/o/n/tree/refs/pr/1/a/b", ""))
        .isEqualTo(ask("api/models/o/n/tree/refs%2Fpr%2F1/a%2Fb", ""));
  }

  private static DocumentRequest ask(String path, String query) {
    assertThat(parse(path, query)).isInstanceOf(HubRoute.Ask.class);
    return ((HubRoute.Ask) parse(path, query)).question();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api",
        "api/agent-harnesses",
        "api/models/o/n/xet-read-token/main",
        "api/models/o/n/xet-write-token/main",
        "api/kernels/o/n/XET%2DREAD-TOKEN/main",
        "o/n/info/refs"
      })
  void unknown(String path) {
    assertThat(parse(path)).isInstanceOf(HubRoute.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "o",
        "o/n",
        "o/n/resolve",
        "o/n/resolve/main",
        "o/n/blob/main/x",
        "api/kernels/o/n",
        "api/models/o/n/x/y",
        "api/models/xet-team/n/discussions",
        "api/resolve-cache/models/o/n/main/x",
        "o/n.git/info/lfs/locks",
        "kernels/o/n/resolve/refs%2Fpr%2F1/a+b%20c"
      })
  void pass(String path) {
    assertThat(parse(path)).isEqualTo(new HubRoute.Pass("/" + path));
  }

  @Test
  void git_andItsLargeFiles() {
    String read = "service=git-upload-pack";
    for (String name : List.of("n", "o/n", "o/n.git", "datasets/o/n", "spaces/o/n.git")) {
      assertThat(parse(name + "/info/refs", read))
          .isEqualTo(new HubRoute.Git("/" + name + "/info/refs", false));
      assertThat(parse(name + "/git-upload-pack"))
          .isEqualTo(new HubRoute.Git("/" + name + "/git-upload-pack", true));
      assertThat(parse(name + "/info/refs", "service=git-receive-pack"))
          .isEqualTo(new HubRoute.Push());
      assertThat(parse(name + "/git-receive-pack")).isEqualTo(new HubRoute.Push());
      RepoId repo = RepoId.parse(name.replace(".git", ""));
      assertThat(parse(name + "/info/lfs/objects/batch")).isEqualTo(new HubRoute.LfsBatch(repo));
      assertThat(parse(name + "/info/lfs/objects/" + "a".repeat(64), "size=7"))
          .isEqualTo(new HubRoute.LfsObject(repo, new Digest("a".repeat(64)), 7));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "o/n/resolve/main/..",
        "o/n/resolve/main/a/%2e%2e/b",
        "o/n/resolve/main/a%00b",
        "o/n/resolve/main/a%5Cb",
        "o/n/resolve/main//x",
        "o/n/resolve/main/x/",
        "o/n/resolve/../x",
        "../n/resolve/main/x",
        "o/n--m/resolve/main/x",
        "o%2Fn/resolve/main/x",
        "o/n/resolve/main/%zz",
        "o/n/resolve/main/ri%E2%80%8Fght",
        "o/n/resolve//x",
        "/n/resolve/main/x",
        "api/models/o/n/tree/main/..",
        "api/models/o/n.git/revision/main",
        "api/x/..%2Fy",
        "api/./x",
        "o/n/a%0Ab",
        "x/a%5Cb",
        "o/%zz",
        "../n/git-upload-pack",
        "o--n/info/lfs/objects/batch"
      })
  void bad(String path) {
    assertThat(parse(path)).isInstanceOf(HubRoute.Bad.class);
  }

  @Test
  void path_ofFourThousandCharacters_isBad() {
    assertThat(parse("api/" + "a/".repeat(2100))).isInstanceOf(HubRoute.Bad.class);
  }

  @Test
  void name_of300Characters_isBad() {
    assertThat(parse("o/n/resolve/main/" + "a".repeat(300))).isInstanceOf(HubRoute.Bad.class);
  }
}
