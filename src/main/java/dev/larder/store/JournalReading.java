package dev.larder.store;

import dev.larder.content.Disk;
import dev.larder.content.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a journal says, read up to the first line that is not sound.
 *
 * <p>Which records are trusted: those written under the kernel that runs now, since the page cache
 * keeps the bytes of a killed process; after a reboot only those that a later {@code synced} record
 * covers.
 */
final class JournalReading {
  private static final long MAX_BYTES = 64L << 20;

  private final Map<String, String> label = new LinkedHashMap<>();
  private final List<long[]> landed = new ArrayList<>();
  private @Nullable Identity expected;
  private @Nullable String boot;
  private boolean versionKnown;
  private long sizeBytes = -1;
  private int synced;
  private long soundBytes;

  private JournalReading() {}

  /**
   * @param soundBytes length of the part that was read; the rest is to be cut off
   * @param landedRecords how many of its landed records are trusted
   * @param sameBoot whether the last records were written under the kernel that runs now
   */
  record Journalled(
      Identity expected,
      long sizeBytes,
      Map<String, String> label,
      RangeSet landed,
      int landedRecords,
      long soundBytes,
      boolean sameBoot) {}

  /** Empty when the journal is missing or has no sound header. */
  static Optional<Journalled> read(Disk disk, Path journal, String boot) throws IOException {
    if (disk.stat(journal).isEmpty()) {
      return Optional.empty();
    }
    JournalReading reading = new JournalReading();
    try (FileChannel channel = disk.openRead(journal)) {
      reading.lines(all(channel));
    }
    return reading.result(boot);
  }

  private static byte[] all(FileChannel channel) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer block = ByteBuffer.allocate(64 * 1024);
    while (bytes.size() < MAX_BYTES && channel.read(block.clear()) >= 0) {
      bytes.write(block.array(), 0, block.position());
    }
    return bytes.toByteArray();
  }

  private void lines(byte[] bytes) {
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        String line = new String(bytes, start, i - start, StandardCharsets.ISO_8859_1);
        if (!accept(line)) {
          return;
        }
        start = i + 1;
        soundBytes = start;
      }
    }
  }

  private boolean accept(String text) {
    Optional<JournalLine> line = JournalLine.parse(text);
    if (line.isEmpty()) {
      return false;
    }
    try {
      return accept(line.get());
    } catch (RuntimeException e) {
      // A line with a right checksum that this version cannot read: as good as torn.
      return false;
    }
  }

  private boolean accept(JournalLine line) {
    List<String> arguments = line.arguments();
    switch (line.kind()) {
      case "larder-part" -> versionKnown = arguments.getFirst().equals("1");
      case "expected" -> expected = identity(arguments.getFirst());
      case "size" -> sizeBytes = Long.parseLong(arguments.getFirst());
      case "label", "note" -> label.put(arguments.get(0), arguments.get(1));
      case "boot" -> rebooted(arguments.getFirst());
      case "landed" -> landed(Long.parseLong(arguments.get(0)), Long.parseLong(arguments.get(1)));
      case "synced" -> synced = Math.max(synced, Integer.parseInt(arguments.getFirst()));
      default -> {
        return false;
      }
    }
    return versionKnown;
  }

  private static Identity identity(String text) {
    return Identity.ofHex(text.substring(text.indexOf(':') + 1));
  }

  private void landed(long start, long end) {
    if (start < 0 || start >= end || end > sizeBytes) {
      throw new IllegalArgumentException("no range of the file");
    }
    landed.add(new long[] {start, end});
  }

  private void rebooted(String next) {
    if (boot != null && !boot.equals(next)) {
      dropUnsynced();
    }
    boot = next;
  }

  private void dropUnsynced() {
    if (synced < landed.size()) {
      landed.subList(synced, landed.size()).clear();
    }
  }

  private Optional<Journalled> result(String now) {
    if (expected == null || sizeBytes < 0 || boot == null) {
      return Optional.empty();
    }
    boolean sameBoot = boot.equals(now);
    if (!sameBoot) {
      dropUnsynced();
    }
    RangeSet ranges = new RangeSet();
    landed.forEach(range -> ranges.add(range[0], range[1]));
    return Optional.of(
        new Journalled(
            expected, sizeBytes, Map.copyOf(label), ranges, landed.size(), soundBytes, sameBoot));
  }
}
