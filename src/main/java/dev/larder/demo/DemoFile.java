package dev.larder.demo;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * One file of the demo's repo.
 *
 * @param large whether the repo keeps it in large file storage: then git holds a {@link #pointer()}
 * @param oid what git calls it: of the bytes, or of the pointer when {@code large}
 */
record DemoFile(
    EntryPath path, Path onDisk, long sizeBytes, Digest digest, GitBlobId oid, boolean large) {
  private static final int BUFFER_BYTES = 64 * 1024;

  static DemoFile read(EntryPath path, Path onDisk, boolean large) throws IOException {
    long size = Files.size(onDisk);
    MessageDigest sha256 = sha256();
    MessageDigest sha1 = GitBlobId.hasher(size);
    try (InputStream bytes = Files.newInputStream(onDisk)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int got = bytes.read(buffer); got >= 0; got = bytes.read(buffer)) {
        sha256.update(buffer, 0, got);
        sha1.update(buffer, 0, got);
      }
    }
    Digest digest = Digest.of(sha256.digest());
    GitBlobId oid = large ? gitId(pointer(digest, size)) : GitBlobId.of(sha1.digest());
    return new DemoFile(path, onDisk, size, digest, oid, large);
  }

  static Digest digest(Path file) throws IOException {
    return read(new EntryPath(file.getFileName().toString()), file, true).digest();
  }

  /** What {@code ETag} says about the bytes. */
  Identity identity() {
    return large ? digest : oid;
  }

  String etag() {
    return "\"" + identity().hex() + "\"";
  }

  /** The text that git keeps for a large file. git-lfs, docs/spec.md. */
  byte[] pointer() {
    return pointer(digest, sizeBytes);
  }

  private static byte[] pointer(Digest digest, long sizeBytes) {
    return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
        .formatted(digest.hex(), sizeBytes)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static GitBlobId gitId(byte[] bytes) {
    MessageDigest sha1 = GitBlobId.hasher(bytes.length);
    sha1.update(bytes);
    return GitBlobId.of(sha1.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
