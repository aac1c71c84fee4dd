package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Where things lie below {@code <root>/larder}:
 *
 * <pre>{@code
 * store/sha256/ab/<64 hex>            0444  a published blob; its name is what its bytes hash to
 * tmp/<unique>.part                   0600  an attempt's bytes, sparse
 * tmp/<unique>.journal                0600  what of it has landed; without a sound one the part is removed
 * tmp/<unique>.adopt                        a second name of a file being adopted; removed after a crash
 * tmp/<unique>.intake                 0444  one of many blobs that come in together; removed after a crash
 * tmp/<unique>.copy/                        real files, 0400, that nobody else has a link to; removed after a crash
 * tmp/<unique>.mark                         becomes UNCLEAN or a note in borrowed; removed after a crash
 * borrowed/<64 hex>                   0600  where a file lies that is served in place, and its fingerprint
 * UNCLEAN                             0600  no clean stop yet since a blob was published
 * quarantine/<hex>.<millis>.<reason>  0400  what did not verify, the newest of each name; for a person
 * }</pre>
 */
record BlobLayout(Path larder) {
  static final String PART = ".part";
  static final String JOURNAL = ".journal";
  static final String ADOPT = ".adopt";
  static final String INTAKE = ".intake";
  static final String COPY = ".copy";
  static final String MARK = ".mark";

  /** Of the whole cache: the tree lies there as well, most often. */
  Path root() {
    return Objects.requireNonNullElse(larder.getParent(), larder);
  }

  Path blobs() {
    return larder.resolve("store").resolve("sha256");
  }

  Path shard(Digest digest) {
    return blobs().resolve(digest.shard());
  }

  Path blob(Digest digest) {
    return shard(digest).resolve(digest.hex());
  }

  Path tmp() {
    return larder.resolve("tmp");
  }

  Path unclean() {
    return larder.resolve(Suspects.FILE_NAME);
  }

  Path borrowed() {
    return larder.resolve("borrowed");
  }

  Path quarantine() {
    return larder.resolve("quarantine");
  }

  /** A name that nobody has had before, for one attempt. */
  static String uniqueName() {
    UUID uuid = UUID.randomUUID();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(uuid.getMostSignificantBits())
        + hex.toHexDigits(uuid.getLeastSignificantBits());
  }

  /**
   * The digest that {@code blob} is named by, if {@code shard}, where it lies, is that digest's.
   */
  static Optional<Digest> digestOf(Path blob, String shard) {
    String name = fileName(blob); // Named by no digest: not a file that the store put there.
    return Digest.isOne(name) && name.substring(0, 2).equals(shard)
        ? Optional.of(new Digest(name))
        : Optional.empty();
  }

  /** What lies in {@code shard}, if that is a directory: nothing else belongs beside them. */
  static Optional<List<Path>> filesOf(Disk disk, Path shard) throws IOException {
    FileStat.Kind kind = disk.stat(shard).map(FileStat::kind).orElse(FileStat.Kind.DIRECTORY);
    return kind == FileStat.Kind.DIRECTORY ? Optional.of(disk.list(shard)) : Optional.empty();
  }

  static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }
}
