package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.store.BlobLedger.BlobRow;
import dev.larder.store.BlobLedger.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a crash left: directories, files (names of one file share its {@code id}), ledger rows.
 *
 * @param boot names the kernel that runs afterwards: the same one when only the process was killed
 * @param promised what the scenario had been told is stored
 */
public record CrashImage(
    SortedSet<String> directories,
    SortedMap<String, FileImage> files,
    SortedMap<Digest, RowImage> rows,
    Set<Digest> promised,
    String boot) {

  /** The mode of a symbolic link, whose text is its data. */
  static final int SYMLINK = 0120777;

  /** One name. */
  public record FileImage(int id, byte[] data, int mode) {}

  /**
   * One row; {@code matching} when it was written after the last write to the file that has its
   * name.
   */
  public record RowImage(State state, boolean matching) {}

  /** Builds it below {@code root}, which is empty. */
  public void buildIn(Path root) throws IOException {
    for (String directory : directories) {
      Files.createDirectories(root.resolve(directory));
    }
    Map<Integer, Path> built = new HashMap<>();
    for (Map.Entry<String, FileImage> entry : files.entrySet()) {
      Path path = root.resolve(entry.getKey());
      FileImage file = entry.getValue();
      Path first = built.putIfAbsent(file.id(), path);
      if (file.mode() == SYMLINK) {
        Files.createSymbolicLink(path, Path.of(new String(file.data(), StandardCharsets.UTF_8)));
      } else if (first == null) {
        Files.write(path, file.data());
      } else {
        Files.createLink(path, first);
      }
    }
    for (Map.Entry<String, FileImage> entry : files.entrySet()) {
      if (entry.getValue().mode() != SYMLINK) {
        Files.setPosixFilePermissions(
            root.resolve(entry.getKey()), permissions(entry.getValue().mode()));
      }
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((mode & (0400 >> permission.ordinal())) != 0) {
        set.add(permission);
      }
    }
    return set;
  }

  /** The rows, with the fingerprints that the files now have. */
  public MemoryLedger ledger(Disk disk, Path larder) throws IOException {
    MemoryLedger ledger = new MemoryLedger();
    for (Map.Entry<Digest, RowImage> row : rows.entrySet()) {
      Digest digest = row.getKey();
      Path file = larder.resolve("store/sha256").resolve(digest.shard()).resolve(digest.hex());
      Fingerprint now =
          disk.stat(file).map(s -> s.fingerprint()).orElse(new Fingerprint(1, 1, 1, 1));
      Fingerprint then =
          row.getValue().matching()
              ? now
              : new Fingerprint(
                  now.inode(), now.sizeBytes(), now.modifiedNanos() - 1, now.changedNanos() - 1);
      ledger.put(new BlobRow(digest, then, row.getValue().state()));
    }
    return ledger;
  }

  /** Equal for images that hold the same. */
  public String fingerprint() {
    List<String> text = new ArrayList<>(directories);
    Map<Integer, String> firstName = new HashMap<>();
    files.forEach(
        (path, file) -> {
          String first = firstName.merge(file.id(), path, (a, _) -> a);
          text.add(path + '=' + first + ' ' + file.mode() + ' ' + Arrays.hashCode(file.data()));
        });
    rows.forEach((digest, row) -> text.add(digest.hex() + row));
    promised.stream().sorted().forEach(digest -> text.add("promised " + digest));
    return String.join("\n", text) + "\nthen " + boot;
  }
}
