package dev.larder.upkeep;

import dev.larder.content.Disk;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is good for nothing but to be given up: on a full disk not even the note that
 * something is removed could be written without it. Safe for concurrent use.
 */
public final class Ballast {
  private static final long MOST_BYTES = 8L << 20;

  /** With less a catalog may not open, nor note that something goes. */
  private static final long SHORT_BYTES = 1 << 20;

  private static final int STEP_BYTES = 1 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(Ballast.class);

  private final Disk disk;
  private final Path directory;
  private final Path file;
  private final long totalBytes;

  /** {@code totalBytes}: how large the file system of {@code directory} is. */
  public Ballast(Disk disk, Path directory, long totalBytes) {
    this.disk = disk;
    this.directory = directory;
    this.file = directory.resolve("ballast");
    this.totalBytes = totalBytes;
  }

  /** The smaller of 8 MiB and a hundredth of the file system. */
  long sizeBytes() {
    return Math.min(MOST_BYTES, totalBytes / 100);
  }

  /** Takes it aboard, when it is not and {@code floorBytes} are still free afterwards. */
  public synchronized void load(long floorBytes) {
    try {
      long size = disk.stat(file).map(stat -> stat.sizeBytes()).orElse(0L);
      boolean room = disk.freeBytes(directory) - sizeBytes() > floorBytes;
      if (size < sizeBytes() && room) {
        disk.delete(file);
        write();
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("no ballast now");
      drop();
    }
  }

  private void write() throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(STEP_BYTES);
    try (WritableFile out = disk.create(file)) {
      for (long at = 0; at < sizeBytes(); at += STEP_BYTES) {
        zeros.clear().limit((int) Math.min(STEP_BYTES, sizeBytes() - at));
        out.write(zeros, at);
      }
    }
  }

  /** For a removal: before it fails half-way for want of a few bytes. */
  public void giveUpWhenShort() {
    try {
      if (disk.freeBytes(directory) < Math.min(SHORT_BYTES, totalBytes / 100)) {
        boolean _ = giveUp();
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("nobody knows how full the disk is");
    }
  }

  /** Whether there was some. */
  public synchronized boolean giveUp() {
    try {
      if (disk.stat(file).isEmpty()) {
        return false;
      }
      disk.delete(file);
      LOG.atWarn()
          .addKeyValue("event", "disk.ballast")
          .addKeyValue("file", file)
          .log("The disk is full: the ballast is given up so that blobs can be removed");
      return true;
    } catch (IOException e) {
      LOG.atWarn().log("the ballast cannot be given up: {}", e.toString());
      return false;
    }
  }

  private void drop() {
    try {
      disk.delete(file);
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("what there is of the ballast stays");
    }
  }
}
