package dev.larder.hubcache;

import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.hubcache.TreeClearing.Name;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every file and link below a directory, as they are: no link is followed. */
final class FolderWalk {
  private final Ground ground;
  private final LinkReader links;
  private final Path top;
  private final List<Name> names = new ArrayList<>();

  FolderWalk(Ground ground, LinkReader links, Path top) {
    this.ground = ground;
    this.links = links;
    this.top = top;
  }

  List<Name> run() throws IOException {
    return run(
        denied -> {
          throw denied;
        });
  }

  /** Takes a directory that this user may not read. */
  interface Denied {
    void at(AccessDeniedException e) throws IOException;
  }

  /** What is below a directory that {@code denied} takes without failing is left out. */
  List<Name> run(Denied denied) throws IOException {
    if (ground.disk.isDirectory(top) && ground.obstacle(HubLayout.parent(top)).isEmpty()) {
      walk(top, denied);
    }
    return List.copyOf(names);
  }

  private void walk(Path directory, Denied denied) throws IOException {
    try {
      walkInto(directory, denied);
    } catch (AccessDeniedException e) {
      denied.at(e);
    }
  }

  private void walkInto(Path directory, Denied denied) throws IOException {
    for (Path listed : ground.disk.list(directory)) {
      Path path = directory.resolve(listed.getFileName());
      Optional<FileStat> stat = ground.disk.stat(path);
      if (stat.isEmpty()) {
        continue; // Removed since it was listed.
      }
      if (stat.get().kind() == Kind.DIRECTORY) {
        walk(path, denied);
      } else {
        Optional<Path> leadsTo =
            stat.get().kind() == Kind.SYMLINK ? links.next(path) : Optional.empty();
        names.add(new Name(top.relativize(path), stat.get(), leadsTo));
      }
    }
  }
}
