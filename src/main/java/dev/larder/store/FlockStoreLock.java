package dev.larder.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * {@link StoreLock} by {@code flock(2)} on {@code LOCK}, whose content is four lines:
 *
 * <pre>{@code
 * pid 4711
 * address http://127.0.0.1:8090
 * secret 7f3c…
 * end
 * }</pre>
 *
 * A reader that meets a half-written file (no {@code end}) knows of no owner.
 */
final class FlockStoreLock implements StoreLock {
  private static final String FILE_NAME = "LOCK";
  private static final int PRIVATE = 0600;

  private final Flock flock;

  private FlockStoreLock(Flock flock) {
    this.flock = flock;
  }

  static StoreLock.Attempt attempt(Path larder) {
    Path file = larder.resolve(FILE_NAME);
    try {
      LocalDisk disk = new LocalDisk();
      // Blobs are readable files, since they are linked into the hub tree: nobody else gets at
      // those
      // that are not. An operator may open it to a group.
      disk.createPrivateDirectory(larder);
      Optional<Flock> flock = Flock.tryAcquire(file, PRIVATE);
      if (flock.isEmpty()) {
        return new Attempt.Theirs(owner(file));
      }
      return new Attempt.Mine(taken(flock.get(), disk));
    } catch (IOException e) {
      String tried = "lock the store by " + file;
      throw StoreFailures.readOnly(e)
          ? StoreFailures.readOnly(tried, e)
          : StoreFailures.of(tried, e);
    }
  }

  static Holder look(Path larder) throws IOException {
    Path file = larder.resolve(FILE_NAME);
    return new LocalDisk().stat(file).isPresent()
        ? new Holder(Flock.isHeld(file), owner(file))
        : Holder.NOBODY;
  }

  private static FlockStoreLock taken(Flock flock, LocalDisk disk) throws IOException {
    boolean taken = false;
    try {
      disk.chmod(flock.path(), PRIVATE);
      FlockStoreLock lock = new FlockStoreLock(flock);
      lock.write("", "");
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        flock.close();
      }
    }
  }

  @Override
  public void announce(String address, String secret) {
    try {
      write(address, secret);
    } catch (IOException e) {
      throw StoreFailures.of("tell other processes by " + flock.path() + " who holds it", e);
    }
  }

  private void write(String address, String secret) throws IOException {
    String text =
        "pid %d\naddress %s\nsecret %s\nend\n"
            .formatted(ProcessHandle.current().pid(), address, secret);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    // A second descriptor is harmless: flock belongs to the open file it was taken through.
    try (FileChannel channel =
        FileChannel.open(flock.path(), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      channel.truncate(0);
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes, bytes.position());
      }
    }
  }

  private static Optional<Owner> owner(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.size() < 4 || !lines.get(3).equals("end")) {
      return Optional.empty();
    }
    try {
      long pid = Long.parseLong(value(lines.get(0), "pid "));
      return Optional.of(
          new Owner(pid, value(lines.get(1), "address "), value(lines.get(2), "secret ")));
    } catch (IllegalArgumentException _) {
      // Of another version, or edited: the lock is held, by somebody who cannot be named.
      return Optional.empty();
    }
  }

  private static String value(String line, String key) {
    if (!line.startsWith(key)) {
      throw new IllegalArgumentException("no " + key);
    }
    return line.substring(key.length());
  }

  @Override
  public void close() {
    try {
      flock.close();
    } catch (IOException e) {
      throw new StoreException.StoreIo(
          "Tried to give back %s but failed: %s; it is free when this process ends."
              .formatted(flock.path(), e),
          e);
    }
  }
}
