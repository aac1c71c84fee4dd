package dev.larder.access;

import dev.larder.content.Disk;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that tokens are hashed with: 32 random bytes in {@code access.key}, mode 0600, made by
 * the first process that needs it and never changed. It lies outside the database, so a copy of the
 * catalog alone tells nothing of any token, not even whether two catalogs know the same one.
 *
 * <p>Where it can neither be read nor made, a key of this process takes its place: no token of this
 * Larder is known then, and none can be made. Safe for concurrent use.
 */
final class InstallKey {
  private static final Logger LOG = LoggerFactory.getLogger(InstallKey.class);
  private static final String NAME = "access.key";
  private static final int LENGTH = 32;
  private static final int OTHERS = 0077;
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final boolean kept;
  private final Path file;

  private InstallKey(byte[] key, boolean kept, Path file) {
    this.kept = kept;
    this.file = file;
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The key of the store in {@code directory}; made when there is none. */
  static InstallKey open(Path directory, Disk disk) {
    Path file = directory.resolve(NAME);
    try {
      if (disk.stat(file).isEmpty()) {
        make(directory, disk);
      }
      return new InstallKey(read(file, disk), true, file);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("key", file)
          .addKeyValue("reason", e.toString())
          .log("The key of tokens can neither be read nor made; no token of this Larder is known");
      return passing(directory);
    }
  }

  /** A key of this process alone, for a root that cannot be written. */
  static InstallKey passing(Path directory) {
    return new InstallKey(random(), false, directory.resolve(NAME));
  }

  private static byte[] random() {
    byte[] key = new byte[LENGTH];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /** Under another name first, so that a crash leaves no half of a key. */
  private static void make(Path directory, Disk disk) throws IOException {
    Path file = directory.resolve(NAME);
    Path temp = directory.resolve("." + NAME + "-" + LocalToken.newId());
    try {
      try (WritableFile to = disk.create(temp)) {
        to.write(ByteBuffer.wrap(random()), 0);
        to.sync();
      }
      disk.link(temp, file);
    } catch (FileAlreadyExistsException _) {
      LOG.trace("another process made {} meanwhile", file);
    } finally {
      disk.delete(temp);
    }
    disk.syncDirectory(directory);
  }

  private static byte[] read(Path file, Disk disk) throws IOException {
    int mode = disk.stat(file).orElseThrow(() -> new IOException("it is gone")).mode();
    if ((mode & OTHERS) != 0) {
      LOG.atWarn().addKeyValue("key", file).log("The key of tokens was open to others; closed");
      disk.chmod(file, 0600);
    }
    ByteBuffer key = ByteBuffer.allocate(LENGTH + 1);
    try (FileChannel channel = disk.openRead(file)) {
      while (key.hasRemaining() && channel.read(key) >= 0) {
        // on to the end
      }
    }
    if (key.position() != LENGTH) {
      throw new IOException("it does not have " + LENGTH + " bytes");
    }
    byte[] bytes = new byte[LENGTH];
    key.flip().get(bytes);
    return bytes;
  }

  /** HMAC-SHA-256 of {@code token}, as 64 hex digits. */
  String hash(String token) {
    try {
      // Cloning spares the search for a provider at every request.
      Mac mine = (Mac) mac.clone();
      return HexFormat.of().formatHex(mine.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " can be cloned", e);
    }
  }

  /** Throws unless hashes will be the same after a restart. */
  void requireKept() {
    if (!kept) {
      throw new AccessException.NoKey(file.toString());
    }
  }
}
