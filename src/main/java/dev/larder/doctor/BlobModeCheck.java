package dev.larder.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether published blobs can still be written to, or not be read. Looks for two seconds at most.
 */
final class BlobModeCheck implements Check {
  private static final int WRITABLE = 0222;
  private static final int OWNER_READS = 0400;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Override
  public String subject() {
    return "modes of blobs";
  }

  @Override
  public List<Finding> look(Scene scene) {
    Path blobs = scene.larder().resolve("store/sha256");
    List<String> writable = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    Instant end = scene.machine().clock().instant().plus(PATIENCE);
    for (Path shard : Places.in(blobs)) {
      if (scene.machine().clock().instant().isAfter(end)) {
        break;
      }
      for (Path blob : Places.in(shard)) {
        scene
            .stat(blob)
            .ifPresent(
                stat -> {
                  if ((stat.mode() & WRITABLE) != 0) {
                    writable.add(Places.name(blob));
                  }
                  if ((stat.mode() & OWNER_READS) == 0) {
                    unreadable.add(Places.name(blob));
                  }
                });
      }
    }
    List<Finding> findings = new ArrayList<>();
    if (!writable.isEmpty()) {
      findings.add(
          Finding.of(
              Code.BLOB_WRITABLE,
              told(writable, blobs, "can be written to"),
              "find %s -type f -perm /222 -exec chmod a-w {} +".formatted(Shell.quoted(blobs))));
    }
    if (!unreadable.isEmpty()) {
      findings.add(
          Finding.of(
              Code.BLOB_UNREADABLE,
              told(unreadable, blobs, "may not be read, not even by the owner"),
              "find %s -type f ! -perm -400 -exec chmod a+r {} +".formatted(Shell.quoted(blobs))));
    }
    return findings;
  }

  private static String told(List<String> names, Path blobs, String what) {
    return "%s in %s %s: %s."
        .formatted(Words.count(names.size(), "blob", "blobs"), blobs, what, Shell.some(names));
  }
}
