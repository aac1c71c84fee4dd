package dev.larder.provision;

import dev.larder.provision.ProvisionException.ArchiveRefused;
import dev.larder.provision.TarHeader.Bad;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar file from front to end and refuses what an honest one of a cache does not have: kinds
 * of entries other than files, directories and symbolic links, headers that programs read in
 * different ways, anything behind the end. Knows nothing of what names mean. For one thread.
 *
 * <p>Every refusal is an {@link ArchiveRefused} that names the entry.
 */
final class TarReader {
  /** No name that is accepted is longer; a header that announces more is not even read. */
  private static final int LONGEST_NAME = 4096;

  private static final int LONGEST_EXTENSION = 64 << 10;

  /** Where octal digits end: 8 GiB. */
  private static final long MOST_OCTAL = 1L << 33;

  private final InputStream in;
  private final String archive;
  private final byte[] block = new byte[TarHeader.BLOCK];
  private String current = "";
  private long leftBytes;
  private int padding;

  /** Names and sizes that stand before an entry, for it. */
  private @Nullable String longName;

  private @Nullable String longTarget;
  private @Nullable PaxRecords pax;

  /** {@code archive} is what refusals call it. */
  TarReader(InputStream in, String archive) {
    this.in = in;
    this.archive = archive;
  }

  /** The next entry, after what is left of the one before; empty behind the last. */
  Optional<TarEntry> next() {
    skipRest();
    while (true) {
      fill(block, TarHeader.BLOCK);
      if (isZero(block)) {
        finish();
        return Optional.empty();
      }
      TarHeader header = header();
      current = header.name();
      begin(header);
      switch (header.type()) {
        case 'L' -> longName = once(longName, longText(header));
        case 'K' -> longTarget = once(longTarget, longText(header));
        case 'x' -> extension(header);
        default -> {
          return Optional.of(entry(header));
        }
      }
    }
  }

  /** Bytes of the current entry from the start of {@code buffer} on; -1 behind its last. */
  int read(byte[] buffer) {
    if (leftBytes == 0) {
      return -1;
    }
    int read = readSome(buffer, (int) Math.min(buffer.length, leftBytes));
    if (read < 0) {
      throw refused("is cut off: the archive ends in the middle of it");
    }
    leftBytes -= read;
    return read;
  }

  /** All of the current entry, whose size was looked at before. */
  byte[] readAll() {
    byte[] bytes = new byte[Math.toIntExact(leftBytes)];
    fill(bytes, bytes.length);
    leftBytes = 0;
    return bytes;
  }

  /** The current entry is not to be restored, {@code why}. */
  ArchiveRefused refused(String why) {
    return new ArchiveRefused(archive, current, why);
  }

  private TarHeader header() {
    try {
      return TarHeader.read(block);
    } catch (Bad e) {
      throw current.isEmpty()
          ? new ArchiveRefused(archive, "", "its first entry " + e.why())
          : new ArchiveRefused(
              archive, "", "the entry behind '%s' %s".formatted(Shown.of(current), e.why()));
    }
  }

  private void begin(TarHeader header) {
    leftBytes = header.sizeBytes();
    padding = (int) (-leftBytes & (TarHeader.BLOCK - 1));
  }

  private String once(@Nullable String before, String now) {
    if (before != null || pax != null) {
      throw refused("has two long names");
    }
    return now;
  }

  private String longText(TarHeader header) {
    if (header.sizeBytes() < 2 || header.sizeBytes() > LONGEST_NAME) {
      throw refused("announces a name of %d bytes".formatted(header.sizeBytes()));
    }
    byte[] bytes = readAll();
    skipRest();
    try {
      String text = TarHeader.utf8(bytes, 0, bytes.length - 1);
      if (bytes[bytes.length - 1] == 0 && text.indexOf('\0') < 0) {
        return text;
      }
    } catch (Bad e) {
      throw refused(e.why());
    }
    throw refused("has a long name that does not end");
  }

  private void extension(TarHeader header) {
    if (pax != null || longName != null || longTarget != null) {
      throw refused("has two extended headers");
    }
    if (header.sizeBytes() > LONGEST_EXTENSION) {
      throw refused("has an extended header of %d bytes".formatted(header.sizeBytes()));
    }
    byte[] bytes = readAll();
    skipRest();
    try {
      pax = PaxRecords.read(bytes);
    } catch (Bad e) {
      throw refused(e.why());
    }
  }

  private TarEntry entry(TarHeader header) {
    PaxRecords said = pax == null ? PaxRecords.NONE : pax;
    String name = longName != null ? longName : said.path().orElse(header.name());
    String target = longTarget != null ? longTarget : said.target().orElse(header.target());
    current = name;
    pax = null;
    longName = null;
    longTarget = null;
    TarEntry.Kind kind = kind(header.type());
    long size = size(header, said);
    if (kind != TarEntry.Kind.FILE && size != 0) {
      throw refused("has bytes and is no file");
    }
    if (kind != TarEntry.Kind.LINK && !target.isEmpty()) {
      throw refused("leads somewhere and is no link");
    }
    leftBytes = size;
    padding = (int) (-leftBytes & (TarHeader.BLOCK - 1));
    return new TarEntry(name, kind, size, target);
  }

  /** Two sizes that differ would be two archives, by the program that reads. */
  private long size(TarHeader header, PaxRecords said) {
    long size = said.sizeBytes().orElse(header.sizeBytes());
    if (size != header.sizeBytes() && size < MOST_OCTAL) {
      throw refused("has two sizes, %d and %d".formatted(header.sizeBytes(), size));
    }
    return size;
  }

  private TarEntry.Kind kind(char type) {
    return switch (type) {
      case '0', '\0' -> TarEntry.Kind.FILE;
      case '5' -> TarEntry.Kind.DIRECTORY;
      case '2' -> TarEntry.Kind.LINK;
      case '1' ->
          throw refused(
              "is a hard link; make the archive with 'larder backup', or with tar --hard-dereference");
      case '3', '4' -> throw refused("is a device");
      case '6' -> throw refused("is a named pipe");
      case 'S' -> throw refused("is a sparse file");
      case 'g' -> throw refused("has a header for all entries, which no cache needs");
      default -> throw refused("is of an unknown kind (type '%s')".formatted(Shown.of("" + type)));
    };
  }

  private void skipRest() {
    while (leftBytes > 0) {
      int _ = read(block);
    }
    if (padding > 0) {
      byte[] filler = new byte[padding];
      padding = 0;
      fill(filler, filler.length);
      if (!isZero(filler)) {
        throw refused("has bytes behind its end");
      }
    }
  }

  /** A second block of zeros, and nothing but zeros from there on. */
  private void finish() {
    if (pax != null || longName != null || longTarget != null) {
      throw refused("is a header without an entry");
    }
    current = "";
    fill(block, TarHeader.BLOCK);
    byte[] rest = block;
    int count = TarHeader.BLOCK;
    byte[] buffer = new byte[64 << 10];
    do {
      if (!isZero(count == rest.length ? rest : Arrays.copyOf(rest, count))) {
        throw refused("there is more behind the end of the archive");
      }
      rest = buffer;
    } while ((count = readSome(buffer, buffer.length)) >= 0);
  }

  private void fill(byte[] buffer, int length) {
    int have = 0;
    while (have < length) {
      int read;
      try {
        read = in.read(buffer, have, length - have);
      } catch (IOException e) {
        throw damaged(e);
      }
      if (read < 0) {
        throw new ArchiveRefused(
            archive,
            "",
            current.isEmpty()
                ? "it is cut off, or no tar file"
                : "it is cut off behind '%s'".formatted(Shown.of(current)));
      }
      have += read;
    }
  }

  private int readSome(byte[] buffer, int length) {
    try {
      return in.read(buffer, 0, length);
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private ArchiveRefused damaged(IOException e) {
    String at = current.isEmpty() ? "" : " at '%s'".formatted(Shown.of(current));
    return new ArchiveRefused(
        archive, "", "it is cut off or damaged%s (%s)".formatted(at, e.getMessage()));
  }

  private static boolean isZero(byte[] bytes) {
    for (byte each : bytes) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }
}
