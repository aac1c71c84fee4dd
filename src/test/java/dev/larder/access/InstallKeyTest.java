package dev.larder.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Disk;
import dev.larder.store.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallKeyTest {
  private final Disk disk = new LocalDisk();
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("access.key");
  }

  @Test
  void open_again_hashesAlike() {
    String hash = InstallKey.open(directory, disk).hash("x");

    assertThat(hash).matches("[0-9a-f]{64}");
    assertThat(InstallKey.open(directory, disk).hash("x")).isEqualTo(hash);
    assertThat(InstallKey.open(directory, disk).hash("y")).isNotEqualTo(hash);
  }

  @Test
  void made_isPrivateAndAlone() throws IOException {
    InstallKey _ = InstallKey.open(directory, disk);

    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.size(file())).isEqualTo(32);
    assertThat(directory).isDirectoryContaining(path -> path.equals(file()));
    assertThat(Files.list(directory)).hasSize(1);
  }

  @Test
  void open_openToOthers_isClosed() throws IOException {
    InstallKey _ = InstallKey.open(directory, disk);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    String hash = InstallKey.open(directory, disk).hash("x");

    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(InstallKey.open(directory, disk).hash("x")).isEqualTo(hash);
  }

  @Test
  void open_cutOrInNoDirectory_knowsNoTokenAndIsLeftAlone() throws IOException {
    Files.write(file(), new byte[7]);
    InstallKey cut = InstallKey.open(directory, disk);

    assertThatThrownBy(cut::requireKept)
        .isInstanceOf(AccessException.NoKey.class)
        .hasMessageContaining(file().toString());
    assertThat(Files.size(file())).isEqualTo(7);
    assertThat(cut.hash("x")).isNotEqualTo(InstallKey.open(directory, disk).hash("x"));
    InstallKey nowhere = InstallKey.open(directory.resolve("none"), disk);
    assertThatThrownBy(nowhere::requireKept).isInstanceOf(AccessException.NoKey.class);
  }

  @Test
  void open_linkToAFile_isNotFollowed() throws IOException {
    Path elsewhere = Files.write(directory.resolve("elsewhere"), new byte[32]);
    Files.createSymbolicLink(file(), elsewhere);

    assertThatThrownBy(InstallKey.open(directory, disk)::requireKept)
        .isInstanceOf(AccessException.NoKey.class);
  }
}
