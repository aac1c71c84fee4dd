package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.ReadableFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Hashes one file in order: its digest, and its git blob id when that is what was promised. */
final class BlobHasher {
  /** Small, since every part on its way has one; as much again lies outside the heap. */
  static final int BLOCK_BYTES = 64 * 1024;

  /** Often enough for somebody who watches, seldom enough to cost nothing. */
  private static final long STEP_BYTES = 8L << 20;

  private final MessageDigest sha256 = Digest.hasher();
  private final @Nullable MessageDigest sha1;
  private long hashedBytes;

  /** {@code sizeBytes} goes into a git blob id before the first byte. */
  BlobHasher(Identity expected, long sizeBytes) {
    sha1 =
        switch (expected) {
          case Digest _ -> null;
          case GitBlobId _ -> GitBlobId.hasher(sizeBytes);
        };
  }

  /** The digest, and the identity of the same kind as was expected. */
  record Hashed(Digest digest, Identity found) {}

  /** Hashes all of a file as it is now. */
  static Hashed hash(ReadableFile file, Identity expected) throws IOException {
    return hash(file, expected, _ -> {});
  }

  /** {@code hashed} gets the bytes of each step. */
  static Hashed hash(ReadableFile file, Identity expected, LongConsumer hashed) throws IOException {
    long size = file.size();
    BlobHasher hasher = new BlobHasher(expected, size);
    ByteBuffer buffer = ByteBuffer.allocate(BLOCK_BYTES);
    while (hasher.hashedBytes < size) {
      long before = hasher.hashedBytes;
      hasher.advance(file::read, Math.min(size, before + STEP_BYTES), buffer);
      hashed.accept(hasher.hashedBytes - before);
    }
    return hasher.finish();
  }

  /** As {@link FileChannel#read(ByteBuffer, long)}. */
  interface Bytes {
    int read(ByteBuffer into, long position) throws IOException;
  }

  /** Hashes on until {@code end}, by blocks of {@code buffer}. */
  void advance(Bytes bytes, long end, ByteBuffer buffer) throws IOException {
    while (hashedBytes < end) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - hashedBytes));
      int read = bytes.read(buffer, hashedBytes);
      if (read < 0) {
        throw new EOFException("the file ends at " + hashedBytes + ", before " + end);
      }
      sha256.update(buffer.array(), 0, read);
      if (sha1 != null) {
        sha1.update(buffer.array(), 0, read);
      }
      hashedBytes += read;
    }
  }

  long hashedBytes() {
    return hashedBytes;
  }

  /** Once. */
  Hashed finish() {
    Digest digest = Digest.of(sha256.digest());
    return new Hashed(digest, sha1 == null ? digest : GitBlobId.of(sha1.digest()));
  }
}
