package dev.larder.provision;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.text.Normalizer;
import java.util.Locale;

/**
 * What a name in an archive stands for: a place of the Hugging Face cache layout. Pure. The top of
 * an archive may be {@code .}, {@code hub/} or the repos' folders.
 */
sealed interface Place {
  /**
   * The entry of Larder's own that describes the others. It lies where huggingface_hub looks for
   * nothing: beside the repos' folders it would be taken for a damaged one.
   */
  String MANIFEST = ".locks/larder-backup.json";

  /** What an archive may hold: a reader refuses more, so that nobody writes more. */
  int MOST_ENTRIES = 300_000;

  long MOST_MANIFEST_BYTES = 64L << 20;
  long MOST_LISTING_BYTES = 256L << 20;
  long MOST_NOTE_BYTES = 1 << 20;

  /** Bytes of a file, named by what they hash to. */
  record Blob(RepoId repo, Identity identity) implements Place {}

  /** A file of a snapshot, which is a link to a blob. */
  record Entry(RepoId repo, Commit commit, EntryPath path) implements Place {}

  /** The file of a branch or tag. */
  record Ref(RepoId repo, Revision revision) implements Place {}

  /** What a commit holds, also of what is not in the archive. */
  record Listing(RepoId repo, Commit commit) implements Place {}

  /** What is not restored, as long as it is no larger than such a thing is. */
  record PassedOver(long mostBytes) implements Place {}

  /** A directory of the layout. */
  record Directory() implements Place {}

  /** {@link #MANIFEST}. */
  record Manifest() implements Place {}

  /** No place of the layout; {@code why} goes on after the name. */
  record Nowhere(String why) implements Place {}

  /** {@code name}: see {@link #normal}. */
  static Place of(String name, TarEntry.Kind kind) {
    try {
      boolean directory = kind == TarEntry.Kind.DIRECTORY;
      if (name.isEmpty()) {
        return directory ? new Directory() : new Nowhere("is no place of a cache");
      }
      String path = new EntryPath(name).value();
      int slash = path.indexOf('/');
      String top = slash < 0 ? path : path.substring(0, slash);
      String rest = slash < 0 ? "" : path.substring(slash + 1);
      return switch (top) {
        case ".locks" ->
            path.equals(MANIFEST)
                ? alone(path, MANIFEST, kind, new Manifest())
                : directory ? new Directory() : file(rest, kind, MOST_NOTE_BYTES);
        case "CACHEDIR.TAG" -> alone(path, top, kind, new PassedOver(MOST_NOTE_BYTES));
        default -> inRepo(RepoId.ofFolder(top), rest, kind);
      };
    } catch (InvalidName e) {
      return new Nowhere("is no name in a cache (" + e.explanation() + ")");
    }
  }

  /** Without {@code ./} and {@code hub/} before it, and without the slash behind a directory. */
  static String normal(TarEntry entry) {
    String name = entry.name();
    if (entry.kind() == TarEntry.Kind.DIRECTORY && name.endsWith("/")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.startsWith("./")) {
      name = name.substring(2);
    } else if (name.equals(".")) {
      name = "";
    }
    if (name.startsWith("hub/")) {
      return name.substring(4);
    }
    return name.equals("hub") && entry.kind() == TarEntry.Kind.DIRECTORY ? "" : name;
  }

  /**
   * The same for names that are one on some file system, which differ in case or in how their
   * letters are composed. {@code name}: in a repo's folder; those may differ in that, as the names
   * that people ask for do.
   */
  static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  private static Place alone(String path, String name, TarEntry.Kind kind, Place place) {
    return kind == TarEntry.Kind.FILE && path.equals(name)
        ? place
        : new Nowhere("should be an ordinary file");
  }

  private static Place inRepo(RepoId repo, String path, TarEntry.Kind kind) {
    boolean directory = kind == TarEntry.Kind.DIRECTORY;
    int slash = path.indexOf('/');
    String part = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    return switch (part) {
      case "" -> directory ? new Directory() : new Nowhere("should be a directory");
      case "blobs" -> directory && rest.isEmpty() ? new Directory() : blob(repo, rest, kind);
      case "refs" -> directory ? new Directory() : ref(repo, rest, kind);
      case "snapshots" -> inSnapshots(repo, rest, kind);
      case ".no_exist" -> directory ? new Directory() : file(rest, kind, MOST_NOTE_BYTES);
      case "trees" -> directory && rest.isEmpty() ? new Directory() : listing(repo, rest, kind);
      default -> new Nowhere("is no place of a repo");
    };
  }

  private static Place listing(RepoId repo, String name, TarEntry.Kind kind) {
    String commit = name.endsWith(".json") ? name.substring(0, name.length() - 5) : "";
    return kind == TarEntry.Kind.FILE && Commit.looksLike(commit)
        ? new Listing(repo, new Commit(commit))
        : file(name, kind, MOST_LISTING_BYTES);
  }

  private static Place file(String rest, TarEntry.Kind kind, long mostBytes) {
    return kind == TarEntry.Kind.FILE && !rest.isEmpty()
        ? new PassedOver(mostBytes)
        : new Nowhere("should be an ordinary file");
  }

  private static Place blob(RepoId repo, String name, TarEntry.Kind kind) {
    if (kind != TarEntry.Kind.FILE) {
      return new Nowhere("should be a file with the bytes themselves");
    }
    return name.matches("[0-9a-f]{40}|[0-9a-f]{64}")
        ? new Blob(repo, Identity.ofHex(name))
        : new Nowhere("is not called after a hash, so nobody knows what it should hold");
  }

  private static Place ref(RepoId repo, String name, TarEntry.Kind kind) {
    return kind == TarEntry.Kind.FILE && !name.isEmpty()
        ? new Ref(repo, new Revision(name))
        : new Nowhere("should be a file that holds a commit");
  }

  private static Place inSnapshots(RepoId repo, String path, TarEntry.Kind kind) {
    int slash = path.indexOf('/');
    String commit = slash < 0 ? path : path.substring(0, slash);
    if (!path.isEmpty() && !Commit.looksLike(commit)) {
      return new Nowhere("is not in the directory of a commit");
    }
    return switch (kind) {
      case DIRECTORY -> new Directory();
      case FILE ->
          new Nowhere(
              "is a file of its own and no link to a blob, so nothing says what it should hold");
      case LINK ->
          slash < 0
              ? new Nowhere("should be the directory of a commit")
              : new Entry(repo, new Commit(commit), EntryPath.ordinary(path.substring(slash + 1)));
    };
  }
}
