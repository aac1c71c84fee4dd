package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** The bytes of one file: kept, or made up from a seed as they are read. */
public sealed interface FakeContent {
  long size();

  /** Writes bytes {@code [from, to)}. */
  void write(OutputStream out, long from, long to) throws IOException;

  /** Whether {@code bytes} stand at {@code from}. Cheap, for thousands of clients compare. */
  boolean matches(byte[] bytes, long from);

  static FakeContent of(byte[] bytes) {
    return new Kept(bytes.clone());
  }

  static FakeContent generated(long size, long seed) {
    return new Generated(size, seed);
  }

  default Digest sha256() {
    return Hashes.SHA256.computeIfAbsent(this, content -> Digest.of(Hashes.of(content)));
  }

  default GitBlobId gitId() {
    MessageDigest sha1 = GitBlobId.hasher(size());
    Hashes.feed(this, sha1);
    return GitBlobId.of(sha1.digest());
  }

  record Kept(byte[] bytes) implements FakeContent {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void write(OutputStream out, long from, long to) throws IOException {
      out.write(bytes, (int) from, (int) (to - from));
    }

    @Override
    public boolean matches(byte[] some, long from) {
      int at = (int) from;
      return at + some.length <= bytes.length
          && Arrays.equals(bytes, at, at + some.length, some, 0, some.length);
    }
  }

  /** One block of noise again and again, with its number at its head: cheap and never the same. */
  record Generated(long size, long seed) implements FakeContent {
    private static final int BLOCK = 64 << 10;
    private static final Map<Long, byte[]> NOISE = new ConcurrentHashMap<>();

    private static byte[] noise(long seed) {
      byte[] block = new byte[BLOCK];
      new SplittableRandom(seed).nextBytes(block);
      return block;
    }

    @Override
    public void write(OutputStream out, long from, long to) throws IOException {
      byte[] block = NOISE.computeIfAbsent(seed, Generated::noise).clone();
      for (long at = from; at < to; ) {
        long number = at / BLOCK;
        ByteBuffer.wrap(block).putLong(0, number * 0x9E3779B97F4A7C15L + seed);
        int offset = (int) (at % BLOCK);
        int length = (int) Math.min(BLOCK - offset, to - at);
        out.write(block, offset, length);
        at += length;
      }
    }

    @Override
    public boolean matches(byte[] some, long from) {
      byte[] block = NOISE.computeIfAbsent(seed, Generated::noise);
      if (from + some.length > size) {
        return false;
      }
      for (int done = 0; done < some.length; ) {
        int offset = (int) ((from + done) % BLOCK);
        long head = (from + done) / BLOCK * 0x9E3779B97F4A7C15L + seed;
        int length = Math.min(some.length - done, offset < Long.BYTES ? 1 : BLOCK - offset);
        boolean same =
            offset < Long.BYTES
                ? some[done] == (byte) (head >>> 8 * (Long.BYTES - 1 - offset))
                : Arrays.equals(block, offset, offset + length, some, done, done + length);
        if (!same) {
          return false;
        }
        done += length;
      }
      return true;
    }
  }

  /** Computed once per content: a large one takes a while. */
  final class Hashes {
    private static final Map<FakeContent, Digest> SHA256 = new ConcurrentHashMap<>();

    private Hashes() {}

    private static byte[] of(FakeContent content) {
      try {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        feed(content, sha256);
        return sha256.digest();
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    private static void feed(FakeContent content, MessageDigest digest) {
      try (OutputStream sink =
          new OutputStream() {
            @Override
            public void write(int b) {
              digest.update((byte) b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
              digest.update(bytes, offset, length);
            }
          }) {
        content.write(sink, 0, content.size());
      } catch (IOException e) {
        throw new IllegalStateException("a digest does no I/O", e);
      }
    }
  }
}
