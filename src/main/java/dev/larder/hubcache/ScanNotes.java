package dev.larder.hubcache;

import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.hubcache.HubTree.Stamp;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a look into one repo's folder brings: what is wrong there, and by which directories and
 * small files it can be told later whether the folder is still the same.
 */
final class ScanNotes {
  /** Left by file managers; Python passes over them as well. */
  private static final Set<String> IGNORED = Set.of(".DS_Store", "Thumbs.db", "desktop.ini");

  private final Ground ground;
  private final Path folder;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Stamp> stamps = new ArrayList<>();
  private @Nullable Path unreadable;

  ScanNotes(Ground ground, Path folder) {
    this.ground = ground;
    this.folder = folder;
  }

  void note(Problem.Kind kind, String text) {
    note(kind, text, new Problem.Place.Elsewhere());
  }

  void note(Problem.Kind kind, String text, Problem.Place place) {
    problems.add(new Problem(kind, text, place));
  }

  /** The stat of a real directory; empty when it is something else, or nothing. */
  Optional<FileStat> directory(Path path) throws IOException {
    return ground.disk.stat(path).filter(stat -> stat.kind() == Kind.DIRECTORY);
  }

  /**
   * The names in {@code directory}, whose {@code stat} was taken before: what changes in it
   * meanwhile shows at the next look.
   */
  List<Path> names(Path directory, FileStat stat) throws IOException {
    stamps.add(Stamp.of(folder.relativize(directory), stat));
    return ground.disk.list(directory).stream()
        .map(name -> directory.resolve(name.getFileName()))
        .filter(path -> !IGNORED.contains(HubLayout.nameOf(path)))
        .toList();
  }

  /** Of a file that others write in its place; to be called before it is read. */
  void stamp(Path file) throws IOException {
    ground.disk.stat(file).ifPresent(stat -> stamps.add(Stamp.of(folder.relativize(file), stat)));
  }

  void noteUnreadable(Path path) {
    unreadable = unreadable == null ? path : unreadable;
    note(Problem.Kind.UNREADABLE, "%s may not be read by this user.".formatted(shown(path)));
  }

  /** Of a failure that names what may not be read. */
  void noteUnreadable(AccessDeniedException e) {
    noteUnreadable(Path.of(e.getFile()));
  }

  Optional<Path> firstUnreadable() {
    return Optional.ofNullable(unreadable);
  }

  Path shown(Path path) {
    return folder.relativize(path);
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Stamp> stamps() {
    return List.copyOf(stamps);
  }
}
