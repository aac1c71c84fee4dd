package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.InvalidName;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.FoundRef;
import dev.larder.hubcache.HubTree.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the refs of one repo's folder. */
final class RefScan {
  /** A write of huggingface_hub that did not end. */
  private static final Pattern TEMP_REF = Pattern.compile(".*\\.[0-9a-f]{8}\\.tmp");

  /** A commit has 40; what is a little longer may still show which one was meant. */
  private static final int MAX_REF_BYTES = 4096;

  private final Ground ground;
  private final ScanNotes notes;
  private final Path root;

  RefScan(Ground ground, ScanNotes notes, Path folder) {
    this.ground = ground;
    this.notes = notes;
    root = folder.resolve(HubLayout.REFS);
  }

  List<FoundRef> run() throws IOException {
    List<FoundRef> refs = new ArrayList<>();
    Optional<FileStat> stat = notes.directory(root);
    if (stat.isPresent()) {
      collect(root, stat.get(), refs);
    }
    return List.copyOf(refs);
  }

  private void collect(Path directory, FileStat stat, List<FoundRef> into) throws IOException {
    for (Path path : notes.names(directory, stat)) {
      Optional<FileStat> below = notes.directory(path);
      if (below.isPresent()) {
        collect(path, below.get(), into);
      } else if (!TEMP_REF.matcher(HubLayout.nameOf(path)).matches()) {
        add(path, into);
      }
    }
  }

  private void add(Path path, List<FoundRef> into) throws IOException {
    notes.stamp(path); // Python writes it in its place.
    RefText found;
    try {
      found = refText(path);
    } catch (AccessDeniedException _) {
      notes.noteUnreadable(path);
      return;
    }
    if (!found.there()) {
      return; // Removed since it was listed.
    }
    Optional<String> text = found.text();
    Optional<Commit> meant = text.map(String::strip).filter(Commit::looksLike).map(Commit::new);
    Revision revision;
    try {
      revision = new Revision(root.relativize(path).toString());
    } catch (InvalidName e) {
      notes.note(Problem.Kind.STRAY, "%s: %s".formatted(notes.shown(path), e.explanation()));
      return;
    }
    Problem.Place place = new Problem.Place.Ref(revision, meant);
    if (text.isEmpty()) {
      notes.note(
          Problem.Kind.REF, "%s is not a small regular file.".formatted(notes.shown(path)), place);
    } else if (meant.isEmpty()) {
      notes.note(
          Problem.Kind.REF, "%s is torn: it holds no commit.".formatted(notes.shown(path)), place);
    } else if (!Commit.looksLike(text.get())) {
      notes.note(
          Problem.Kind.REF,
          "%s has more in it than a commit (a line end?), which Python does not read."
              .formatted(notes.shown(path)),
          place);
    } else {
      into.add(new FoundRef(revision, meant.get()));
    }
  }

  /** What a ref's file holds: nothing when it is no small file, and no longer {@code there}. */
  private record RefText(boolean there, Optional<String> text) {}

  /** A ref that moves may be gone at one look and there at the next. */
  private RefText refText(Path path) throws IOException {
    for (int tries = 1; ; tries++) {
      Optional<byte[]> bytes = ground.read(path, MAX_REF_BYTES);
      Optional<FileStat> stat = ground.disk.stat(path);
      boolean moved =
          bytes.isEmpty()
              && stat.isPresent()
              && stat.get().kind() == Kind.FILE
              && stat.get().sizeBytes() <= MAX_REF_BYTES;
      if (!moved || tries == Ground.MAX_TRIES) {
        return new RefText(
            bytes.isPresent() || stat.isPresent(),
            bytes.map(text -> new String(text, StandardCharsets.UTF_8)));
      }
    }
  }
}
