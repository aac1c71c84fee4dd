package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.FileStat;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalDiskTest {
  @TempDir Path directory;
  private final LocalDisk disk = new LocalDisk();

  @Test
  void stat_file_agreesWithJava() throws Exception {
    Path file = Files.writeString(directory.resolve("ein name \u00e4"), "12345");
    Files.createLink(directory.resolve("second"), file);
    disk.chmod(file, 0640);
    FileStat stat = disk.stat(file).orElseThrow();
    assertThat(stat.kind()).isEqualTo(FileStat.Kind.FILE);
    assertThat(stat.sizeBytes()).isEqualTo(5);
    assertThat(stat.links()).isEqualTo(2);
    assertThat(stat.mode()).isEqualTo(0640);
    assertThat(stat.inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
    assertThat(stat.modifiedNanos()).isEqualTo(nanos(file, "lastModifiedTime"));
    assertThat(stat.changedNanos()).isEqualTo(nanos(file, "ctime"));
    assertThat(stat.accessedNanos()).isEqualTo(nanos(file, "lastAccessTime"));
    assertThat(stat.device()).isEqualTo(disk.stat(directory).orElseThrow().device());
  }

  private static long nanos(Path file, String attribute) throws Exception {
    FileTime time =
        (FileTime) Files.getAttribute(file, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    return time.to(TimeUnit.NANOSECONDS);
  }

  @Test
  void stat_otherKinds_areToldApart() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("l"), Path.of("nowhere"));
    assertThat(disk.stat(link).orElseThrow().kind()).isEqualTo(FileStat.Kind.SYMLINK);
    assertThat(disk.stat(directory).orElseThrow().kind()).isEqualTo(FileStat.Kind.DIRECTORY);
    assertThat(disk.stat(Path.of("/dev/null")).orElseThrow().kind()).isEqualTo(FileStat.Kind.OTHER);
    assertThat(disk.stat(directory.resolve("none"))).isEmpty();
    Path file = Files.writeString(directory.resolve("f"), "");
    assertThatThrownBy(() -> disk.stat(file.resolve("below")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Not a directory");
  }

  @Test
  void create_nameTaken_neverClobbers() throws Exception {
    Path file = directory.resolve("f");
    try (WritableFile created = disk.create(file)) {
      created.write(ByteBuffer.wrap(new byte[] {1, 2}), 10);
      created.sync();
      assertThat(created.size()).isEqualTo(12);
    }
    assertThat(disk.stat(file).orElseThrow().mode()).isEqualTo(0600);
    assertThatThrownBy(() -> disk.create(file)).isInstanceOf(FileAlreadyExistsException.class);
    Path other = Files.writeString(directory.resolve("g"), "");
    assertThatThrownBy(() -> disk.link(other, file)).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> disk.symlink(file, other))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void anything_symbolicLink_isNotFollowed() throws Exception {
    Path target = Files.writeString(directory.resolve("target"), "x");
    Path link = Files.createSymbolicLink(directory.resolve("l"), target);
    int mode = disk.stat(target).orElseThrow().mode();
    assertThatThrownBy(() -> disk.openRead(link)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.reopen(link)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.create(link)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.chmod(link, 0)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.cloneFile(link, directory.resolve("c")))
        .isInstanceOf(FileSystemException.class);
    assertThat(disk.stat(target).orElseThrow().mode()).isEqualTo(mode);
    disk.delete(link);
    assertThat(target).exists();
  }

  @Test
  void cloneFile_whereItCan_sharesBytesElseMakesNothing() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "bytes");
    Path clone = directory.resolve("c");
    if (disk.cloneFile(file, clone)) {
      assertThat(clone).hasContent("bytes");
      assertThat(disk.stat(clone).orElseThrow().inode())
          .isNotEqualTo(disk.stat(file).orElseThrow().inode());
    } else {
      assertThat(clone).doesNotExist();
    }
  }

  @Test
  void createDirectories_fileInTheWay_saysSo() throws Exception {
    disk.createDirectories(directory.resolve("a/b/c"));
    disk.createDirectories(directory.resolve("a/b/c"));
    assertThat(directory.resolve("a/b/c")).isDirectory();
    Path file = Files.writeString(directory.resolve("f"), "");
    assertThatThrownBy(() -> disk.createDirectories(file.resolve("x")))
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void freeBytes_missingPlace_fails() throws Exception {
    assertThat(disk.freeBytes(directory)).isPositive();
    assertThatThrownBy(() -> disk.freeBytes(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(disk.list(directory.resolve("none"))).isEmpty();
  }
}
