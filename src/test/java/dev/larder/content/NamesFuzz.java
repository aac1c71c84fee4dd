package dev.larder.content;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;

/** Names, sizes and digests: refused, or inside every directory and the same when read again. */
public final class NamesFuzz {
  private static final Path ROOT = Path.of("/of/all");

  private NamesFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    String wide = new String(input, StandardCharsets.UTF_16BE);
    for (String name : new String[] {text, wide}) {
      contained(name, EntryPath::new);
      contained(name, EntryPath::ordinary);
      contained(name, Revision::new);
      contained(name, Digest::new);
      contained(name, Commit::new);
      contained(name, GitBlobId::new);
      repo(name);
      folder(name);
      size(name);
      Identity.ofValidator(name).ifPresent(id -> same(id, Identity.ofHex(id.hex())));
    }
  }

  private static <T> void contained(String text, Function<String, T> reader) {
    T name;
    try {
      name = reader.apply(text);
    } catch (InvalidName _) {
      return; // Refused as it should be.
    }
    Path path = ROOT.resolve(text).normalize();
    if (!path.startsWith(ROOT) || path.equals(ROOT) || !path.equals(ROOT.resolve(text))) {
      throw new IllegalStateException(name + " leaves its directory");
    }
    same(name, reader.apply(text));
  }

  private static void repo(String text) {
    RepoId repo;
    try {
      repo = RepoId.parse(text);
    } catch (InvalidName _) {
      return; // Refused as it should be.
    }
    same(repo, RepoId.ofFolder(repo.folder()));
    Path path = ROOT.resolve(repo.folder());
    if (path.getNameCount() != ROOT.getNameCount() + 1 || !path.normalize().equals(path)) {
      throw new IllegalStateException(repo + " is more than one directory");
    }
    if (repo.kind() != RepoKind.MODEL) {
      same(repo, RepoId.parse(repo.toString()));
    }
  }

  private static void folder(String text) {
    try {
      same(text, RepoId.ofFolder(text).folder());
    } catch (InvalidName _) {
      // Refused as it should be.
    }
  }

  private static void size(String text) {
    try {
      long bytes = Sizes.parse(text);
      if (bytes < 0) {
        throw new IllegalStateException(text + " is less than nothing");
      }
      Sizes.format(bytes);
    } catch (InvalidName _) {
      // Refused as it should be.
    }
  }

  private static void same(Object one, Object other) {
    if (!one.equals(other)) {
      throw new IllegalStateException(one + " became " + other);
    }
  }
}
