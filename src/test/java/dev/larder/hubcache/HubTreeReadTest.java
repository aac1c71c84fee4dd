package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.store.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubTreeReadTest extends HubTreeFixture {
  private static final String GIT = "a".repeat(40);
  private static final String SHA = "b".repeat(64);

  @Test
  void find_whatPythonWrote_followsTheLink() throws IOException {
    put(blob(GIT), "{}");
    link(snapshot("config.json"), "../../blobs/" + GIT);
    put(blob(SHA), "weights");
    link(snapshot("sub/x y.bin"), "../../../blobs/" + SHA);

    FoundFile config = tree.find(REPO, COMMIT, CONFIG).orElseThrow();
    assertThat(config.file()).isEqualTo(blob(GIT));
    assertThat(config.identity()).contains(new GitBlobId(GIT));
    assertThat(config.sizeBytes()).isEqualTo(2);
    assertThat(config.accessedNanos()).isPositive();
    assertThat(tree.find(REPO, COMMIT, new EntryPath("sub/x y.bin")).orElseThrow().identity())
        .contains(new Digest(SHA));
    assertThat(tree.find(REPO, OTHER, CONFIG)).isEmpty();
    assertThat(tree.find(REPO, COMMIT, new EntryPath("sub"))).isEmpty();
    assertThat(tree.find(REPO, COMMIT, new EntryPath("config.json/below"))).isEmpty();
  }

  @Test
  void find_throughTheSharedStoreOf20_keepsTheIdentityOfTheBlob() throws IOException {
    put(hub.resolve("blobs/.huggingface-shared-blobs"), "1\n");
    put(hub.resolve("blobs/cd/cdef"), "weights");
    link(blob(SHA), "../../blobs/cd/cdef");
    link(snapshot("model.bin"), "../../blobs/" + SHA);

    FoundFile found = tree.find(REPO, COMMIT, new EntryPath("model.bin")).orElseThrow();

    assertThat(found.file()).isEqualTo(hub.resolve("blobs/cd/cdef"));
    assertThat(found.identity()).contains(new Digest(SHA));
    assertThat(tree.scan()).singleElement().extracting(FoundRepo::problems).isEqualTo(List.of());
  }

  @Test
  void find_realFileInTheSnapshot_hasNoIdentity() throws IOException {
    put(snapshot("config.json"), "{}");

    FoundFile found = tree.find(REPO, COMMIT, CONFIG).orElseThrow();

    assertThat(found.file()).isEqualTo(snapshot("config.json"));
    assertThat(found.identity()).isEmpty();
  }

  @Test
  void find_absoluteLinkIntoTheCache_isFollowed() throws IOException {
    put(blob(GIT), "{}");
    link(snapshot("config.json"), blob(GIT).toString());
    Path alias = link(directory.resolve("alias"), hub.toString());
    HubTree through = LocalHubTree.open(alias, new LocalDisk(), store);

    assertThat(tree.find(REPO, COMMIT, CONFIG)).isPresent();
    assertThat(through.find(REPO, COMMIT, CONFIG).orElseThrow().identity())
        .contains(new GitBlobId(GIT));
  }

  @Test
  void find_whatLeavesTheCache_isNotFollowed() throws IOException {
    Path secret = put(directory.resolve("secret/" + GIT), "secret");
    link(snapshot("absolute"), secret.toString());
    link(snapshot("relative"), "../../../../secret/" + GIT);
    link(snapshot("blob"), "../../blobs/" + GIT);
    link(folder.resolve("blobs"), secret.getParent().toString());
    link(snapshot("sub"), secret.getParent().toString());
    link(snapshot("loop"), "loop");
    link(snapshot("root"), "../../..");

    for (String path : List.of("absolute", "relative", "blob", "sub/" + GIT, "loop", "root")) {
      assertThat(tree.find(REPO, COMMIT, new EntryPath(path))).as(path).isEmpty();
    }
    FoundRepo found = tree.inspect(REPO).orElseThrow();
    assertThat(found.snapshots().getFirst().files()).isEmpty();
    assertThat(found.problemTexts())
        .anyMatch(s -> s.contains("/absolute leads to") && s.contains("outside the cache"))
        .anyMatch(s -> s.contains("/relative leads to") && s.contains("outside the cache"))
        .anyMatch(s -> s.contains("/blob lies behind models--o--ok/blobs"))
        .anyMatch(s -> s.contains("/sub leads to"))
        .anyMatch(s -> s.contains("/loop leads through more than"))
        .anyMatch(s -> s.startsWith("blobs is not a directory itself"));
  }

  @Test
  void repoFolder_thatIsALink_isNotRead() throws IOException {
    put(directory.resolve("elsewhere/refs/main"), COMMIT.hex());
    link(folder, directory.resolve("elsewhere").toString());

    assertThat(tree.ref(REPO, Revision.MAIN)).isEmpty();
    assertThat(tree.inspect(REPO).orElseThrow().problemTexts())
        .containsExactly("models--o--ok is not a directory itself and is not read.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0123", "zzzz", "torn\n"})
  void ref_torn_isEmptyAndAProblem(String text) throws IOException {
    put(folder.resolve("refs/main"), text);
    Files.createDirectories(folder.resolve("snapshots"));

    assertThat(tree.ref(REPO, Revision.MAIN)).isEmpty();
    assertThat(tree.inspect(REPO).orElseThrow().problemTexts())
        .containsExactly("refs/main is torn: it holds no commit.");
  }

  @Test
  void ref_withANewline_isEmptyAndAProblem() throws IOException {
    put(folder.resolve("refs/main"), COMMIT + "\n");
    Files.createDirectories(snapshot("x").getParent());

    assertThat(tree.ref(REPO, Revision.MAIN)).isEmpty();
    assertThat(tree.inspect(REPO).orElseThrow().problemTexts())
        .singleElement()
        .asString()
        .contains("refs/main", "line end");
  }

  @Test
  void scan_soundTree_listsEverything() throws IOException {
    put(hub.resolve("CACHEDIR.TAG"), CacheTag.TEXT);
    put(hub.resolve(".locks/models--o--ok/" + GIT + ".lock"), "");
    put(hub.resolve("version.txt"), "1");
    Files.createDirectories(hub.resolve("kernels--a--b/snapshots"));
    put(blob(GIT), "{}");
    put(blob(SHA + ".01234567.incomplete"), "part");
    put(blob(SHA + ".incomplete"), "part");
    link(snapshot("b.json"), "../../blobs/" + GIT);
    link(snapshot("a/b.json"), "../../../blobs/" + GIT);
    put(snapshot(".DS_Store"), "");
    put(folder.resolve("refs/refs/pr/1"), COMMIT.hex());
    put(folder.resolve("refs/main"), COMMIT.hex());
    put(folder.resolve("refs/main.0a1b2c3d.tmp"), "");
    Files.createDirectories(hub.resolve("datasets--a/snapshots/" + OTHER));

    List<FoundRepo> found = tree.scan();

    assertThat(found).extracting(FoundRepo::repo).containsExactly(RepoId.parse("datasets/a"), REPO);
    assertThat(found).allSatisfy(repo -> assertThat(repo.problemTexts()).isEmpty());
    FoundRepo repo = found.get(1);
    assertThat(repo.folder()).isEqualTo(folder);
    assertThat(repo.refs())
        .containsExactlyInAnyOrder(
            new FoundRef(Revision.MAIN, COMMIT), new FoundRef(new Revision("refs/pr/1"), COMMIT));
    assertThat(repo.snapshots())
        .singleElement()
        .satisfies(
            s -> {
              assertThat(s.commit()).isEqualTo(COMMIT);
              assertThat(s.files())
                  .extracting(FoundFile::path)
                  .containsExactly(new EntryPath("a/b.json"), new EntryPath("b.json"));
            });
    assertThat(tree.inspect(REPO)).contains(repo);
  }

  @Test
  void scan_damagedTree_saysEachProblemOnce() throws IOException {
    put(folder.resolve("notes.txt"), "");
    put(blob("not-a-name"), "");
    link(blob(SHA), "../../blobs/gone");
    link(snapshot("config.json"), "../../blobs/" + GIT);
    put(folder.resolve("snapshots/stray"), "");
    Files.createDirectories(folder.resolve("snapshots/main"));
    put(folder.resolve("refs/old"), OTHER.hex());

    assertThat(tree.inspect(REPO).orElseThrow().problemTexts())
        .containsExactlyInAnyOrder(
            "notes.txt does not belong into a cache.",
            "blobs/not-a-name is not the name of a blob.",
            "blobs/%s leads to blobs/gone, which is missing.".formatted(SHA),
            "snapshots/%s/config.json leads to models--o--ok/blobs/%s, which is missing."
                .formatted(COMMIT, GIT),
            "snapshots/stray should be a snapshot's directory.",
            "snapshots/main is not named after a commit.",
            "refs/old names commit %s, which has no snapshot.".formatted(OTHER));
  }

  @Test
  void scan_directoryMissing_isEmptyAndMakesNothing() {
    assertThat(tree.scan()).isEmpty();
    assertThat(tree.inspect(REPO)).isEmpty();
    assertThat(tree.knownAbsent(REPO, COMMIT, CONFIG)).isFalse();
    assertThat(tree.listing(REPO, COMMIT)).isEmpty();
    assertThat(hub).doesNotExist();
  }

  @Test
  void noExist_written_isKnown() {
    tree.writeNoExist(REPO, COMMIT, CONFIG);
    tree.writeNoExist(REPO, COMMIT, CONFIG);

    assertThat(tree.knownAbsent(REPO, COMMIT, CONFIG)).isTrue();
    assertThat(tree.knownAbsent(REPO, OTHER, CONFIG)).isFalse();
    assertThat(tree.inspect(REPO).orElseThrow().problemTexts()).isEmpty();
  }
}
