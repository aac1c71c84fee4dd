package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.provision.Archives.BackupRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.ProvisionException.AlreadyThere;
import dev.larder.provision.ProvisionException.ArchiveIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a backup may be written to. */
class BackupFileTest extends ProvisionFixture {
  @Test
  void backup_overWhatIsNoFile_isRefusedEvenWithConsent() throws Exception {
    Site from = filled("from");
    Path pipe = file("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Files.writeString(file("theirs"), "mine");
    Path link = Files.createSymbolicLink(file("link"), file("theirs"));
    Path nowhere = Files.createSymbolicLink(file("nowhere"), file("none"));

    for (Path there : List.of(pipe, link, nowhere)) {
      assertThatThrownBy(
              () ->
                  from.archives().backup(new BackupRequest(there, List.of(), true), Follower.NONE))
          .isInstanceOf(AlreadyThere.class)
          .hasMessageContaining(there + " is no regular file");
      assertThat(Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    assertThat(file("theirs")).hasContent("mine");
  }

  @Test
  void backup_intoWhatIsNoDirectory_namesThat() throws IOException {
    Site from = filled("from");
    Files.writeString(file("file"), "mine");

    assertThatThrownBy(() -> from.backup(file("none/a")))
        .isInstanceOf(ArchiveIo.class)
        .hasMessageEndingWith(file("none") + " is not there.");
    assertThatThrownBy(() -> from.backup(file("file/a")))
        .isInstanceOf(ArchiveIo.class)
        .hasMessageEndingWith(file("file") + " is not a directory.");
  }
}
