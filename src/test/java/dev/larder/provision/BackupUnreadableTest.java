package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Disk;
import dev.larder.content.ReadableFile;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.ForwardingDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What an archive leaves out because nobody may read it. */
class BackupUnreadableTest extends ProvisionFixture {
  /** Of somebody else, who lets nobody read it. */
  private static final class Denied extends ForwardingDisk {
    private final String name;

    Denied(String name) {
      super(new LocalDisk());
      this.name = name;
    }

    private void check(Path path) throws AccessDeniedException {
      if (path.endsWith(name)) {
        throw new AccessDeniedException(path.toString());
      }
    }

    @Override
    public void link(Path existing, Path link) throws IOException {
      check(existing);
      super.link(existing, link);
    }

    @Override
    public FileChannel openRead(Path path) throws IOException {
      check(path);
      return super.openRead(path);
    }

    @Override
    public ReadableFile openQuietly(Path path) throws IOException {
      check(path);
      return super.openQuietly(path);
    }
  }

  @Test
  void backup_ofAFileThatCannotBeRead_leavesThatOutAndSaysWhy() throws IOException {
    String config = gitId(Bytes.of(2, 50));
    Site from = site("from", StoreLimits.none(), new Denied(config));
    put(from, COMMIT, "model.bin", Bytes.of(1, 3000), true);
    put(from, COMMIT, "config.json", Bytes.of(2, 50), false);
    ref(from, "main", COMMIT);

    BackupReport report = from.backup(file("a"));

    assertThat(report.leftOut())
        .singleElement()
        .matches(left -> left.what().endsWith("/config.json"))
        .matches(left -> left.why().contains("permission denied"));
    Site to = site("to");
    to.restore(file("a"));
    assertThat(snapshot(to.hub(), COMMIT)).containsOnlyKeys("model.bin");
  }

  @Test
  void backup_ofABlobOfTheStoreThatCannotBeRead_leavesThatOutAndSaysWhy() throws IOException {
    byte[] model = Bytes.of(1, 3000);
    String digest = Bytes.digest(model).hex();
    Disk denying =
        new ForwardingDisk(new LocalDisk()) {
          @Override
          public ReadableFile openQuietly(Path path) throws IOException {
            if (path.endsWith(digest) && path.toString().contains("/store/")) {
              throw new AccessDeniedException(path.toString());
            }
            return super.openQuietly(path);
          }
        };
    Site from = site("from", StoreLimits.none(), denying);
    put(from, COMMIT, "model.bin", model, true);
    ref(from, "main", COMMIT);
    from.rooms()
        .store()
        .adopt(from.hub().resolve(FOLDER).resolve("blobs/" + digest), Bytes.digest(model));

    assertThat(from.backup(file("a")).leftOut())
        .filteredOn(left -> !left.what().endsWith("@main"))
        .singleElement()
        .matches(left -> left.what().endsWith("/model.bin"))
        .matches(left -> left.why().contains("permission denied"));
  }
}
