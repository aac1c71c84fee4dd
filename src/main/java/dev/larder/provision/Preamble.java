package dev.larder.provision;

import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What stands before the compressed data of a backup: the blobs that come out of it, so that room
 * for those that are not here is reserved before the first byte. A skippable frame (RFC 8878
 * §3.1.2), which every zstd program passes over. Only a hint: what it says is never trusted to be
 * right.
 */
record Preamble(Map<RepoId, Map<Identity, Long>> sizes) {
  private static final int MAGIC = 0x184D2A5C;
  private static final int FRAME_HEADER = 8;

  /** What {@link Place#MOST_ENTRIES} blobs need, and some. */
  private static final int LONGEST = 32 << 20;

  private static final String FIRST_LINE = "{\"format\":\"larder-backup\"}";

  /** A line for each repo, and one for each blob of it. */
  void write(OutputStream out) throws IOException {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    sizes.forEach(
        (repo, blobs) -> {
          text.append(repo.folder()).append('\n');
          blobs.forEach(
              (name, size) -> text.append(name.hex()).append(' ').append(size).append('\n'));
        });
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer header = ByteBuffer.allocate(FRAME_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    out.write(header.putInt(MAGIC).putInt(bytes.length).array());
    out.write(bytes);
  }

  /** Reads it when {@code in}, which can go back, begins with one; else {@code in} stays. */
  static Optional<Preamble> read(InputStream in) throws IOException {
    in.mark(FRAME_HEADER + LONGEST);
    ByteBuffer header = ByteBuffer.wrap(in.readNBytes(FRAME_HEADER)).order(ByteOrder.LITTLE_ENDIAN);
    if (header.remaining() == FRAME_HEADER && header.getInt() == MAGIC) {
      int length = header.getInt();
      if (length > 0 && length <= LONGEST) {
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (text.startsWith(FIRST_LINE + "\n")) {
          return Optional.of(parsed(text));
        }
      }
    }
    in.reset();
    return Optional.empty();
  }

  /** As far as it can be read: room for the rest is reserved blob by blob. */
  private static Preamble parsed(String text) {
    Map<RepoId, Map<Identity, Long>> sizes = new LinkedHashMap<>();
    try {
      Map<Identity, Long> blobs = new LinkedHashMap<>();
      for (String line : text.substring(FIRST_LINE.length() + 1).split("\n")) {
        int space = line.indexOf(' ');
        if (space < 0) {
          blobs = sizes.computeIfAbsent(RepoId.ofFolder(line), _ -> new LinkedHashMap<>());
        } else {
          long size = Long.parseLong(line.substring(space + 1));
          blobs.put(Identity.ofHex(line.substring(0, space)), Math.max(0, size));
        }
      }
    } catch (InvalidName | NumberFormatException _) {
      // The archive itself says what is wrong with it; until then what was read is a hint enough.
    }
    return new Preamble(sizes);
  }
}
