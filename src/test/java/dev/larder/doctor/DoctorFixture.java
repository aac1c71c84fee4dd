package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.settings.Setting;
import dev.larder.settings.SettingSources;
import dev.larder.store.StoreLock.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine with one healthy, empty cache: a real directory, an environment, and a {@code /proc} in
 * which a test can say what the kernel says.
 */
abstract class DoctorFixture {
  static final Instant NOW = Instant.now();

  @TempDir Path scratch;
  final Map<String, String> environment = new HashMap<>();
  final Map<Setting, String> flags = new EnumMap<>(Setting.class);
  Path root;
  Path home;
  Path directory;
  Instant now = NOW;
  boolean offline = true;

  @BeforeEach
  void makeMachine() throws IOException {
    scratch = scratch.toRealPath();
    root = scratch.resolve("root");
    home = Files.createDirectories(scratch.resolve("home"));
    directory = Files.createDirectories(scratch.resolve("work"));
    system("proc/self/mountinfo", "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n");
    status(uid(home), "0022");
    system(
        "proc/self/limits", "Max open files            1024                 20000       files\n");
    environment.put("LARDER_HOME", home.toString());
    environment.put("LARDER_MIN_FREE", "0B");
  }

  /** What the kernel says in a file of its own. */
  final void system(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  final void status(int uid, String umask) throws IOException {
    system("proc/self/status", "Umask:\t%s\nUid:\t%2$d\t%2$d\t%2$d\t%2$d\n".formatted(umask, uid));
  }

  static int uid(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /** No server answers; those that do are asked in tests of the whole. */
  static final Servers NOBODY =
      new Servers() {
        @Override
        public Optional<Map<String, String>> settings(Owner owner) {
          return Optional.empty();
        }

        @Override
        public boolean larderAnswers(String endpoint) {
          return false;
        }
      };

  final Report examine(boolean fix) {
    SettingSources sources =
        new SettingSources(flags, environment, directory, scratch.resolve("user"));
    Machine machine = new Machine(sources, root, InstantSource.fixed(now), NOBODY);
    return new Doctor(machine).examine(offline, fix);
  }

  final Report examine() {
    return examine(false);
  }

  final List<Code> codes() {
    return examine().findings().stream().map(Finding::code).toList();
  }

  /** The only finding, which is of this kind. */
  final Finding only(Code code) {
    List<Finding> findings = examine().findings();
    assertThat(findings).extracting(Finding::code).containsExactly(code);
    return findings.getFirst();
  }

  final Finding one(Code code) {
    List<Finding> findings = examine().findings();
    return findings.stream()
        .filter(finding -> finding.code() == code)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + code + " in " + findings));
  }

  /** Makes a file as old as {@code age}. */
  static Path file(Path file, String text, Duration age) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    return file;
  }

  static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  static String modeOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** A repo's folder as Python leaves it, with the tag that Python writes. */
  final Path repo(String folder) throws IOException {
    Path hub = home.resolve("hub");
    file(
        hub.resolve("CACHEDIR.TAG"),
        "Signature: 8a477f597d28d172789f06886806bc55\n",
        Duration.ZERO);
    Path repo = hub.resolve(folder);
    for (String part : List.of("blobs", "refs", "snapshots")) {
      Files.createDirectories(repo.resolve(part));
    }
    return repo;
  }

  /** {@code larder/} with the modes that Larder gives. */
  final Path larder() throws IOException {
    Path larder = Files.createDirectories(home.resolve("larder"));
    mode(larder, "rwx------");
    for (String part : List.of("tmp", "store/sha256", "quarantine")) {
      Files.createDirectories(larder.resolve(part));
    }
    return larder;
  }
}
