package dev.larder.hubcache;

import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the links that clients put into a cache: a snapshot's to its blob, and since
 * huggingface_hub 2.0 a blob's to the blob store that all repos share. Never leaves the root, and
 * enters no directory through a link.
 */
final class LinkReader {
  private static final int MAX_LINKS = 4;

  private final Ground ground;
  private final Ways ways;

  /** As {@link Ground#obstacle}. */
  private interface Ways {
    Optional<Path> obstacle(Path directory) throws IOException;
  }

  LinkReader(Ground ground) {
    this(ground, ground::obstacle);
  }

  private LinkReader(Ground ground, Ways ways) {
    this.ground = ground;
    this.ways = ways;
  }

  /**
   * One that looks once at each directory on its ways: for a description of what is there, which
   * nobody relies on when it opens a file. For one thread.
   */
  LinkReader ofOneLook() {
    Set<Path> clear = new HashSet<>();
    return new LinkReader(
        ground,
        directory -> {
          if (clear.contains(directory)) {
            return Optional.empty();
          }
          Optional<Path> obstacle = ground.obstacle(directory);
          if (obstacle.isEmpty()) {
            clear.add(directory);
          }
          return obstacle;
        });
  }

  /** Whoever else works in the cache may remove a link, or put a file there, between two looks. */
  Followed follow(Path name) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return followOnce(name);
      } catch (NoSuchFileException | NotLinkException e) {
        if (tries == Ground.MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  private Followed followOnce(Path name) throws IOException {
    Path at = name;
    Optional<Identity> identity = identityOf(name);
    for (int links = 0; links <= MAX_LINKS; links++) {
      Optional<Path> obstacle = ways.obstacle(HubLayout.parent(at));
      if (obstacle.isPresent()) {
        return behind(obstacle.get(), at, links);
      }
      Optional<FileStat> stat = ground.disk.stat(at);
      if (stat.isEmpty()) {
        return links == 0
            ? new Followed.Nothing()
            : new Followed.Wrong("leads to %s, which is missing".formatted(shown(at)));
      }
      switch (stat.get().kind()) {
        case FILE -> {
          return new Followed.File(at, stat.get(), identity);
        }
        case DIRECTORY -> {
          return new Followed.Wrong("leads to the directory %s".formatted(shown(at)));
        }
        case OTHER -> {
          return new Followed.Wrong("leads to %s, which is no file".formatted(shown(at)));
        }
        case SYMLINK -> {
          Path text = Files.readSymbolicLink(at);
          Optional<Path> target = target(at, text);
          if (target.isEmpty()) {
            return new Followed.Wrong("leads to %s, outside the cache".formatted(text));
          }
          at = target.get();
          if (identity.isEmpty()) {
            identity = identityOf(at);
          }
        }
      }
    }
    return new Followed.Wrong("leads through more than %d links".formatted(MAX_LINKS));
  }

  /** Where the link at {@code name} points to, below the root. */
  Optional<Path> next(Path name) throws IOException {
    try {
      return target(name, Files.readSymbolicLink(name)).map(ground.root::relativize);
    } catch (NoSuchFileException | NotLinkException _) {
      return Optional.empty(); // It went meanwhile.
    }
  }

  /** The identity that the link at {@code name} is called after, wherever it leads. */
  Optional<Identity> named(Path name) throws IOException {
    boolean link = ground.disk.stat(name).filter(s -> s.kind() == Kind.SYMLINK).isPresent();
    try {
      return link
          ? target(name, Files.readSymbolicLink(name)).flatMap(this::identityOf)
          : Optional.empty();
    } catch (NoSuchFileException | NotLinkException _) {
      return Optional.empty(); // It went meanwhile.
    }
  }

  private Followed behind(Path obstacle, Path at, int links) throws IOException {
    if (ground.disk.stat(obstacle).isPresent()) {
      return new Followed.Wrong(
          "lies behind %s, which is not a directory itself".formatted(shown(obstacle)));
    }
    return links == 0
        ? new Followed.Nothing()
        : new Followed.Wrong("leads to %s, which is missing".formatted(shown(at)));
  }

  /** Where the text of a link at {@code link} points to, below the root. */
  private Optional<Path> target(Path link, Path text) throws IOException {
    Path target = link.resolveSibling(text).normalize();
    if (target.startsWith(ground.root) && !target.equals(ground.root)) {
      return Optional.of(target);
    }
    // Old clients wrote absolute links, maybe through another name of the same directory.
    Path real = ground.root.toRealPath();
    return text.isAbsolute() && target.startsWith(real) && !target.equals(real)
        ? Optional.of(ground.root.resolve(real.relativize(target)))
        : Optional.empty();
  }

  /** The identity that {@code <folder>/blobs/<identity>} is named after. */
  private Optional<Identity> identityOf(Path path) {
    Path relative = ground.root.relativize(path);
    if (relative.getNameCount() != 3 || !relative.getName(1).toString().equals(HubLayout.BLOBS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Identity.ofHex(relative.getName(2).toString()));
    } catch (InvalidName _) {
      // The folder has downloads under way too, and whatever else somebody put there: such a file
      // is here all the same, but nothing says what its bytes should be.
      return Optional.empty();
    }
  }

  private Path shown(Path path) {
    return ground.root.relativize(path);
  }
}
