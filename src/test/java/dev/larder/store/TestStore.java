package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.Identity;
import dev.larder.testing.Bytes;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A store in a directory, with what tests do to it again and again. */
final class TestStore implements AutoCloseable {
  static final String BOOT = "boot-1";

  final Path larder;
  final MemoryLedger ledger;
  final LocalBlobStore store;

  private TestStore(Path larder, MemoryLedger ledger, LocalBlobStore store) {
    this.larder = larder;
    this.ledger = ledger;
    this.store = store;
  }

  static TestStore in(Path directory) {
    return in(directory, new LocalDisk(), StoreLimits.none());
  }

  static TestStore in(Path directory, Disk disk, StoreLimits limits) {
    return open(directory.resolve("larder"), disk, new MemoryLedger(), limits, BOOT);
  }

  static TestStore open(
      Path larder, Disk disk, MemoryLedger ledger, StoreLimits limits, String boot) {
    return new TestStore(
        larder,
        ledger,
        LocalBlobStore.open(larder, disk, ledger, limits, InstantSource.system(), boot));
  }

  /** As after a kill: a new store over the same directory and rows. */
  TestStore again() {
    return again(BOOT);
  }

  TestStore again(String boot) {
    return open(larder, new LocalDisk(), ledger, StoreLimits.none(), boot);
  }

  Digest publish(byte[] bytes) {
    return publish(bytes, Bytes.digest(bytes));
  }

  Digest publish(byte[] bytes, Identity expected) {
    try (StagedBlob staged = store.stage(expected, bytes.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(bytes));
      return staged.commit();
    }
  }

  List<String> names(String directory) {
    Path start = larder.resolve(directory);
    try (Stream<Path> files = Files.walk(start)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> start.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] read(BlobLease lease) {
    return read(lease.channel(), lease.sizeBytes());
  }

  static byte[] read(FileChannel channel, long size) {
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    try {
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // on to the next part
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.array();
  }

  @Override
  public void close() {
    store.close();
  }
}
