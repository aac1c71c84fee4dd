package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.Revision;
import dev.larder.store.LocalDisk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a killed process left under a temporary name. */
class TempNamesTest extends HubTreeFixture {
  @Test
  void leftover_oldEnough_isSweptByTheNextWriteAndNothingElseIs() throws IOException {
    Path old = put(folder.resolve("blobs/larder.0123abcd.tmp"), "old");
    Path fresh = put(folder.resolve("blobs/larder.4567abcd.tmp"), "fresh");
    Path python = put(folder.resolve("blobs/x.0123abcd.incomplete"), "old");
    Path stray = put(folder.resolve("blobs/0123abcd.tmp"), "old");

    LocalHubTree.open(hub, aged("0123abcd"), store).writeRef(REPO, Revision.MAIN, COMMIT);

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(python).exists();
    assertThat(stray).exists();
  }

  @Test
  void leftover_inAScan_isNoProblem() throws IOException {
    tree.writeRef(REPO, Revision.MAIN, COMMIT);
    put(folder.resolve("blobs/larder.0123abcd.tmp"), "left");
    link(folder.resolve("blobs/.%s.0123abcd.shared".formatted("a".repeat(64))), "../../blobs/cd/x");

    assertThat(tree.inspect(REPO).orElseThrow().problems()).isEmpty();
  }

  /** Files whose name has {@code part} in it are two hours older: nobody can set a ctime. */
  private static Disk aged(String part) {
    Disk real = new LocalDisk();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              try {
                Object answer = method.invoke(real, arguments);
                return method.getName().equals("stat") && arguments[0].toString().contains(part)
                    ? ((Optional<?>) answer).map(stat -> older((FileStat) stat))
                    : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static FileStat older(FileStat stat) {
    return new FileStat(
        stat.kind(),
        stat.device(),
        stat.inode(),
        stat.links(),
        stat.mode(),
        stat.sizeBytes(),
        stat.modifiedNanos(),
        stat.changedNanos() - TimeUnit.HOURS.toNanos(2),
        stat.accessedNanos());
  }
}
