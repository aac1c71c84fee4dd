package dev.larder.doctor;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.settings.Examination;
import dev.larder.settings.Location;
import dev.larder.settings.Settings;
import dev.larder.store.StoreLock;
import dev.larder.store.StoreLock.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What all checks of one location look at: read once, so that they speak of one moment. Those of
 * the machine have {@code primary}. {@code holder} is empty when {@code LOCK} cannot be read.
 */
record Scene(
    Machine machine,
    Examination examination,
    Location location,
    Disk disk,
    ThisProcess process,
    Mounts mounts,
    Optional<StoreLock.Holder> holder,
    Instant now,
    boolean offline) {
  /** Older than any download that is still going on and writes nothing. */
  static final Duration STALE = Duration.ofDays(1);

  Settings settings() {
    return examination.settings();
  }

  Path home() {
    return location.root();
  }

  Path hub() {
    return location.hub();
  }

  Path larder() {
    return home().resolve("larder");
  }

  Map<String, String> environment() {
    return machine.sources().environment();
  }

  /** The server that owns the store and says where it answers. */
  Optional<Owner> server() {
    return holder
        .filter(StoreLock.Holder::held)
        .flatMap(StoreLock.Holder::owner)
        .filter(owner -> !owner.address().isEmpty());
  }

  /** Whether some process works on the store at this moment. */
  boolean storeInUse() {
    return holder.filter(StoreLock.Holder::held).isPresent();
  }

  /** Empty also where this user may not look, or a file stands where a directory is expected. */
  Optional<FileStat> stat(Path path) {
    try {
      return disk.stat(path);
    } catch (IOException _) {
      return Optional.empty(); // That the root cannot be used is a finding of its own.
    }
  }

  Duration age(long modifiedNanos) {
    return Duration.between(FileStat.time(modifiedNanos), now);
  }

  boolean stale(long modifiedNanos) {
    return age(modifiedNanos).compareTo(STALE) > 0;
  }
}
