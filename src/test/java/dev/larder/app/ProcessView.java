package dev.larder.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What Linux says of a process. {@code proc}: its directory under {@code /proc}. */
record ProcessView(Path proc) {
  private static final String LISTENS = "0A";

  /** Where its open files point: paths, {@code socket:[…]}, {@code anon_inode:…}. */
  List<String> openFiles() throws IOException {
    List<String> targets = new ArrayList<>();
    try (Stream<Path> links = Files.list(proc.resolve("fd"))) {
      for (Path link : links.toList()) {
        try {
          targets.add(Files.readSymbolicLink(link).toString());
        } catch (IOException _) {
          // It was closed meanwhile.
        }
      }
    }
    return targets;
  }

  /** Its open sockets of this local port, those that listen left out. */
  List<String> connections(int port) throws IOException {
    Set<String> open = new HashSet<>(openFiles());
    List<String> found = new ArrayList<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(proc.resolve(table))) {
        // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …
        String[] cells = line.strip().split("\\s+");
        boolean ours = cells[1].endsWith(":%04X".formatted(port));
        if (ours && !cells[3].equals(LISTENS) && open.contains("socket:[" + cells[9] + "]")) {
          found.add(line.strip());
        }
      }
    }
    return found;
  }

  /** The most memory it ever had. */
  long mostResidentBytes() throws IOException {
    return kibibytes("VmHWM:") << 10;
  }

  private long kibibytes(String row) throws IOException {
    return Files.readAllLines(proc.resolve("status")).stream()
        .filter(line -> line.startsWith(row))
        .map(line -> line.substring(row.length()).strip().split(" ")[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
