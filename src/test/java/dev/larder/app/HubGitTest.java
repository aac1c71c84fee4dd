package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.content.RepoId;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeFile;
import dev.larder.testing.HubRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real git and git-lfs before a server, and a hub that runs git's own server program. */
final class HubGitTest extends HubSite {
  @TempDir Path work;
  private GitRun git;
  private Path bare;
  private final byte[] old = Bytes.of(21, 150_000);

  @BeforeEach
  void makeRepository() throws IOException {
    git = new GitRun(Files.createDirectories(work.resolve("home")));
    bare = work.resolve("r.git");
    git.must(work, "init", "-q", "--bare", "-b", "main", bare.toString());
    Path source = work.resolve("source");
    git.must(work, "init", "-q", "-b", "main", source.toString());
    Files.writeString(
        source.resolve(".gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    Files.writeString(source.resolve("config.json"), "{\"a\": 1}");
    repo.lfs("old.bin", old);
    FakeFile before = repo.file(repo.commit("main"), "old.bin");
    repo.remove("old.bin");
    commit = repo.commit("main");
    Files.write(source.resolve("old.bin"), before.pointer());
    record(source, "first");
    Files.delete(source.resolve("old.bin"));
    Files.write(source.resolve("model.bin"), repo.file(commit, "model.bin").pointer());
    record(source, "second");
    git.must(source, "push", "-q", bare.toString(), "main");
    hub.git(RepoId.model("o/r"), bare);
  }

  private void record(Path source, String message) {
    git.must(source, "add", "-A");
    git.must(source, "commit", "-q", "-m", message);
  }

  private String with(String token, String path) {
    return (endpoint() + path).replace("http://", "http://ann:" + token + "@");
  }

  @Nested
  final class Protocol {
    @Test
    void clone_isTheHubsRepository() throws IOException {
      for (String name : List.of("/o/r", "/o/r.git")) {
        Path clone = work.resolve("clone" + name.length());
        git.must(work, "clone", "-q", endpoint() + name, clone.toString());
        assertThat(clone.resolve("config.json")).hasContent("{\"a\": 1}");
        assertThat(Files.readString(clone.resolve("model.bin"))).startsWith("version https://git-");
        assertThat(git.must(clone, "log", "--oneline").lines()).hasSize(2);
      }
      assertThat(stop().blobs()).isEmpty();
    }

    @Test
    void fetch_shallowAndLater_works() throws IOException {
      Path clone = work.resolve("clone");
      git.must(work, "clone", "-q", "--depth", "1", endpoint() + "/o/r", clone.toString());
      Path source = work.resolve("source");
      Files.writeString(source.resolve("new.txt"), "new");
      record(source, "third");
      git.must(source, "push", "-q", bare.toString(), "main");
      git.must(clone, "pull", "-q", "--unshallow");
      assertThat(git.must(clone, "log", "--oneline").lines()).hasSize(3);
      assertThat(clone.resolve("new.txt")).hasContent("new");
    }

    @Test
    void clone_ofARenamedRepository_works() {
      hub.rename(RepoId.model("old/name"), RepoId.model("o/r"));
      git.must(work, "clone", "-q", endpoint() + "/old/name", "renamed");
      assertThat(work.resolve("renamed/config.json")).hasContent("{\"a\": 1}");
    }

    @Test
    void push_isRefusedWithTheReason() {
      Path clone = work.resolve("clone");
      git.must(work, "clone", "-q", with(ANN, "/o/r"), clone.toString());
      git.must(clone, "commit", "-q", "--allow-empty", "-m", "mine");
      hub.clearLog();
      GitRun.Out out = git.run(clone, "push", "origin", "main");
      assertThat(out.exit()).isNotZero();
      assertThat(out.text()).contains("403").contains("push to the hub itself");
      assertThat(hub.requests()).isEmpty();
      Got direct = post("/hf/o/r/git-receive-pack", "application/x-git-receive-pack-request", "0");
      assertThat(direct.status()).isEqualTo(403);
      assertThat(hub.requests()).isEmpty();
    }

    @Test
    void privateRepository_isClonedWithTheCallersTokenAlone() {
      repo.privateTo(ANN);
      GitRun.Out nobody = git.run(work, "clone", "-q", endpoint() + "/o/r", "nobody");
      assertThat(nobody.exit()).isNotZero();
      assertThat(git.run(work, "clone", "-q", with(BOB, "/o/r"), "bob").exit()).isNotZero();
      hub.clearLog();
      git.must(work, "clone", "-q", with(ANN, "/o/r"), "ann");
      assertThat(hub.requests(HubRequest::authorized))
          .isNotEmpty()
          .allMatch(r -> r.token().filter(ANN::equals).isPresent());
    }

    @Test
    void nobody_isToldHowToShowATokenOfTheHub() {
      repo.privateTo(ANN);
      Got got = get("/hf/o/r/info/refs?service=git-upload-pack");
      assertThat(got.status()).isEqualTo(401);
      assertThat(got.header("WWW-Authenticate")).startsWith("Basic realm=");
      assertThat(got.header("Content-Type")).startsWith("text/plain");
    }

    @Test
    void oldProtocol_isNotSpoken() {
      assertThat(get("/hf/o/r/info/refs").status()).isEqualTo(404);
      assertThat(hub.requests()).isEmpty();
    }
  }

  @Nested
  final class LargeFiles {
    private Path cloneOfTheHub() {
      assumeTrue(GitRun.hasLfs(work), "git-lfs is not installed");
      Path clone = work.resolve("clone");
      git.must(work, "clone", "-q", hub.uri() + "/o/r", clone.toString());
      git.must(clone, "lfs", "install", "--local");
      return clone;
    }

    @Test
    void pull_inACloneOfTheHub_bringsFilesFromHere_onceOnly() throws IOException {
      Path clone = cloneOfTheHub();
      git.must(clone, "config", "lfs.url", endpoint() + "/o/r.git/info/lfs");
      hub.clearLog();
      git.must(clone, "lfs", "pull");
      assertThat(clone.resolve("model.bin")).hasBinaryContent(weights);
      assertThat(hub.downloads("model.bin")).isNotEmpty();
      assertThat(hub.fileBytesSent()).isEqualTo(weights.length);

      deleteRecursively(clone.resolve(".git/lfs/objects"));
      hub.clearLog();
      git.must(clone, "lfs", "fetch");
      assertThat(hub.fileBytesSent()).isZero();
    }

    @Test
    void pull_inACloneOfThisServer_needsNoSetting() throws IOException {
      assumeTrue(GitRun.hasLfs(work), "git-lfs is not installed");
      Path clone = work.resolve("clone");
      git.must(work, "clone", "-q", endpoint() + "/o/r", clone.toString());
      git.must(clone, "lfs", "install", "--local");
      git.must(clone, "lfs", "pull");
      assertThat(clone.resolve("model.bin")).hasBinaryContent(weights);
      assertThat(stop().blobs()).hasSize(1);
    }

    @Test
    void pull_ofAnOlderCommit_asksTheHubByDigest() throws IOException {
      Path clone = cloneOfTheHub();
      git.must(clone, "checkout", "-q", "HEAD~1");
      git.must(clone, "config", "lfs.url", endpoint() + "/o/r.git/info/lfs");
      git.must(clone, "lfs", "pull");
      assertThat(clone.resolve("old.bin")).hasBinaryContent(old);
    }

    @Test
    void pull_ofAPrivateRepository_needsTheCallersToken() throws IOException {
      Path clone = cloneOfTheHub();
      repo.privateTo(ANN);
      String at = "/o/r.git/info/lfs";
      git.must(clone, "config", "lfs.url", endpoint() + at);
      assertThat(git.run(clone, "lfs", "pull").exit()).isNotZero();
      git.must(clone, "config", "lfs.url", with(BOB, at));
      assertThat(git.run(clone, "lfs", "pull").exit()).isNotZero();
      git.must(clone, "config", "lfs.url", with(ANN, at));
      git.must(clone, "lfs", "pull");
      assertThat(clone.resolve("model.bin")).hasBinaryContent(weights);
    }

    @Test
    void push_isRefusedWithTheReason() throws IOException {
      Path clone = cloneOfTheHub();
      git.must(clone, "config", "lfs.url", with(ANN, "/o/r.git/info/lfs"));
      git.must(clone, "config", "lfs.locksverify", "false");
      Files.write(clone.resolve("mine.bin"), Bytes.of(5, 1000));
      record(clone, "mine");
      hub.clearLog();
      GitRun.Out out = git.run(clone, "lfs", "push", "--all", "origin");
      assertThat(out.exit()).isNotZero();
      assertThat(out.text()).contains("push large files to the hub itself");
      assertThat(hub.requests(r -> r.path().contains("lfs"))).isEmpty();
    }

    private void deleteRecursively(Path folder) throws IOException {
      try (var all = Files.walk(folder)) {
        for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
