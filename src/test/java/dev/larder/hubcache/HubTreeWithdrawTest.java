package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.EntryPath;
import dev.larder.content.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a repo that is not for everybody any more leaves in the tree. */
class HubTreeWithdrawTest extends HubTreeFixture {
  private HubTree.Shown shown(String path, String text) {
    Sample sample = sample(text);
    EntryPath entry = new EntryPath(path);
    tree.publish(REPO, COMMIT, entry, sample.gitId(), sample.digest());
    return new HubTree.Shown(COMMIT, entry, sample.gitId(), sample.digest());
  }

  @Test
  void filesOfOneDirectory_areAllTakenOutAndTheirSnapshotWithThem() throws IOException {
    List<HubTree.Shown> all =
        Stream.of("config.json", "sub/a.txt", "sub/b.txt", "sub/deep/c.txt")
            .map(path -> shown(path, "content of " + path))
            .toList();
    tree.writeRef(REPO, Revision.MAIN, COMMIT);
    tree.writeNoExist(REPO, COMMIT, new EntryPath("absent/x"));

    tree.withdraw(REPO, all);

    assertThat(folder).doesNotExist();
  }

  @Test
  void directoryInWhichAnotherFileLies_stays() throws IOException {
    HubTree.Shown ours = shown("sub/a.txt", "ours");
    HubTree.Shown last = shown("config.json", "ours too");
    put(snapshot("sub/theirs.txt"), "theirs");

    tree.withdraw(REPO, List.of(ours, last));

    assertThat(snapshot("sub/a.txt")).doesNotExist();
    assertThat(snapshot("config.json")).doesNotExist();
    assertThat(Files.readString(snapshot("sub/theirs.txt"))).isEqualTo("theirs");
  }
}
