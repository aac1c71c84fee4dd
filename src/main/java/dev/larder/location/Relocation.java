package dev.larder.location;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.Sizes;
import dev.larder.location.Signpost.Mode;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.StoreLock;
import dev.larder.store.StoreLock.Attempt;
import dev.larder.store.StoreLock.Owner;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves a location to another directory. On one file system its two directories are renamed; to
 * another one everything is copied, hashed and made durable, and the old place is emptied last.
 *
 * <p>The step that decides is {@code larder.moved} in the old root. Before it, the old place is
 * whole and in force and what is in the new one counts for nothing; after it, the new place is. A
 * move that was cut is gone on with by the same command.
 *
 * <pre>{@code
 * copy:    larder.moving in new · files · fingerprints in the new catalog · larder.moved in old
 *          · larder.moving away · old files away · larder.moved says that it is done
 * rename:  larder.moving in new · larder.moved in old · rename hub · rename larder · larder.moving away
 *          · larder.moved says that it is done
 * }</pre>
 *
 * What a program that knows nothing of a move puts into the old tree afterwards is never removed.
 */
public final class Relocation {
  private static final int MOST_PASSES = 4;

  private final Disk disk;
  private final MoveRequest move;
  private final MoveListener listener;
  private final InstantSource clock;

  public Relocation(Disk disk, MoveRequest move, MoveListener listener, InstantSource clock) {
    this.disk = disk;
    this.move = move;
    this.listener = listener;
    this.clock = clock;
  }

  /** Throws {@link LocationException}. */
  public MoveReport run() {
    try {
      Optional<Signpost> moved = Signpost.moved(move.from());
      MoveGround ground = new MoveGround(disk, move);
      if (moved.isPresent()) {
        ground.requireSameTarget(moved.get());
        return finish(effective(moved.get().mode()));
      }
      ground.requireSource();
      ground.requireTarget();
      return begin(ground);
    } catch (IOException e) {
      throw new LocationException.Io(
          "Tried to move %s from %s to %s: %s. Nothing is lost: run the same command again."
              .formatted(move.name(), move.from(), move.to(), reason(e)),
          e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getFile() + ": " + file.getReason()
        : e.toString();
  }

  private MoveReport begin(MoveGround ground) throws IOException {
    if (move.dryRun()) {
      requireNobody();
      return report(prepared(ground), move, List.of());
    }
    try (StoreLock _ = lock(move.larder())) {
      if (Signpost.moved(move.from()).isPresent()) {
        throw inUse(Optional.empty()); // Another move was faster.
      }
      Mode mode = prepared(ground);
      MoveReport report = report(mode, move, List.of());
      disk.createDirectories(move.to());
      new Signpost(move.from(), mode).putMoving(disk, move.to());
      Signpost.removeMoved(disk, move.to()); // It may have been here before.
      if (mode == Mode.COPY) {
        copy(report.bytes());
      }
      new Signpost(move.to(), mode).putMoved(disk, move.from());
      List<Path> cameSince;
      try {
        cameSince = complete(mode);
      } catch (IOException e) {
        undo();
        throw e;
      }
      return report(mode, move.there(), cameSince);
    }
  }

  private Mode prepared(MoveGround ground) throws IOException {
    PythonAtWork.requireNone(disk, move);
    Mode mode = ground.oneFileSystem() ? Mode.RENAME : Mode.COPY;
    if (mode == Mode.COPY) {
      ground.requireOwner();
      requireRoom(Contents.of(disk, move).bytes());
    }
    return mode;
  }

  /** A directory that cannot be renamed at all, such as a mount point, stays in force. */
  private void undo() throws IOException {
    if (disk.stat(move.newHub()).isEmpty() && disk.stat(move.newLarder()).isEmpty()) {
      Signpost.removeMoved(disk, move.from());
      Signpost.removeMoving(disk, move.to());
    }
  }

  /** How far one got that passed the step that decides. */
  private Mode effective(Mode mode) {
    return switch (LocationState.of(move.to())) {
      case LocationState.Moved _ -> Mode.DONE; // From there, too.
      case LocationState.Here _ when mode == Mode.RENAME -> Mode.DONE;
      case LocationState.Empty _, LocationState.Absent _ when mode != Mode.DONE ->
          throw new LocationException.Absent(
              "The location %s was moved from %s to %s, and nothing is there; mount it, then run this again."
                  .formatted(move.name(), move.from(), move.to()));
      case LocationState.Here _,
          LocationState.Arriving _,
          LocationState.Empty _,
          LocationState.Absent _ ->
          mode;
    };
  }

  /** After the step that decides: only forward. */
  private MoveReport finish(Mode mode) throws IOException {
    if (mode == Mode.DONE) {
      return before();
    }
    if (move.dryRun()) {
      return report(mode, move, List.of());
    }
    Path locked =
        disk.stat(move.larder()).isPresent() && mode == Mode.RENAME
            ? move.larder()
            : move.newLarder();
    try (StoreLock _ = lock(locked)) {
      PythonAtWork.requireNone(disk, move);
      List<Path> cameSince = complete(mode);
      return report(mode, move.there(), cameSince);
    }
  }

  private MoveReport before() throws IOException {
    if (!move.dryRun()) {
      leaveLink();
    }
    List<Path> came = new ArrayList<>();
    for (Path part : List.of(move.hub(), move.larder())) {
      if (disk.isDirectory(part)) {
        came.add(part);
      }
    }
    return new MoveReport(
        move.name(),
        move.from(),
        move.to(),
        MoveReport.How.BEFORE,
        0,
        0,
        came,
        Contents.others(disk, move));
  }

  /** Answers what stays of the old tree. */
  private List<Path> complete(Mode mode) throws IOException {
    List<Path> stays = List.of();
    if (mode == Mode.RENAME) {
      rename(move.hub(), move.newHub());
      rename(move.larder(), move.newLarder());
      Signpost.removeMoving(disk, move.to());
    } else {
      Signpost.removeMoving(disk, move.to());
      stays = new Emptying(disk, move).tree();
      new Deletion(disk).all(move.larder());
    }
    leaveLink();
    new Signpost(move.to(), Mode.DONE).putMoved(disk, move.from());
    return stays;
  }

  private void leaveLink() throws IOException {
    if (move.leaveLink()
        && disk.stat(move.hub()).isEmpty()
        && disk.stat(move.newHub()).isPresent()) {
      disk.symlink(move.hub(), move.newHub());
    }
    disk.syncDirectory(parent(move.hub()));
  }

  private void rename(Path from, Path to) throws IOException {
    if (disk.isDirectory(from)) {
      if (disk.stat(to).isPresent()) {
        throw new LocationException.BadTarget(
            "There are both %s and %s: a program made one of them while the move was cut. Give that one another name, then run this again."
                .formatted(from, to));
      }
      disk.rename(from, to);
      disk.syncDirectory(parent(to));
      disk.syncDirectory(parent(from));
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  /** Until a pass finds nothing new: other programs write to the tree, and take no lock for it. */
  private void copy(long bytes) throws IOException {
    Copying copying = new Copying(disk, move, listener, bytes);
    long changes = copying.pass();
    for (int pass = 1; changes > 0; pass++) {
      if (pass == MOST_PASSES) {
        throw new LocationException.InUse(
            "Something still writes to %s, so its copy is never up to date; stop what does, then run this again."
                .formatted(move.hub()));
      }
      changes = copying.pass();
    }
    PythonAtWork.requireNone(disk, move);
    noteFingerprints();
  }

  /** A copy has other inodes and times. All of its blobs were hashed: they need not be again. */
  private void noteFingerprints() throws IOException {
    Path file = move.newLarder().resolve("catalog.db");
    if (disk.stat(file).isEmpty()) {
      return;
    }
    try (Catalog catalog = JdbiCatalog.open(file, clock).catalog()) {
      for (BlobRow row : catalog.blobs()) {
        Optional<FileStat> blob = disk.stat(LocalBlobStore.fileOf(move.newLarder(), row.digest()));
        if (blob.isPresent() && !row.deleting()) {
          catalog.putBlob(new BlobRow(row.digest(), blob.get().fingerprint(), false));
        }
      }
    }
    disk.syncFile(file);
  }

  private void requireRoom(long bytes) throws IOException {
    // Of a move that was cut.
    long there = disk.stat(move.to()).isPresent() ? Contents.of(disk, move.there()).bytes() : 0;
    long needed = Math.max(0, bytes - there);
    long free = disk.freeBytes(MoveGround.existing(move.to())) - move.minFreeBytes();
    if (needed > free) {
      throw new LocationException.Full(
          "Tried to move %s to %s, which takes %s, but only %s can be used there (LARDER_MIN_FREE keeps %s free)."
              .formatted(
                  move.name(),
                  move.to(),
                  Sizes.format(needed),
                  Sizes.format(Math.max(0, free)),
                  Sizes.format(move.minFreeBytes())));
    }
  }

  private StoreLock lock(Path larder) {
    return switch (StoreLock.attempt(larder)) {
      case Attempt.Mine(StoreLock mine) -> mine;
      case Attempt.Theirs(Optional<Owner> owner) -> throw inUse(owner);
    };
  }

  /** Takes no lock, which would make its file. */
  private void requireNobody() throws IOException {
    StoreLock.Holder holder = StoreLock.look(move.larder());
    if (holder.held()) {
      throw inUse(holder.owner());
    }
  }

  private LocationException inUse(Optional<Owner> owner) {
    return new LocationException.InUse(
        "Tried to move %s, but %s works on it. Stop it, run this again, then start it with the new path."
            .formatted(move.from(), owner.map(Owner::toString).orElse("another process")));
  }

  /** {@code counted}: where the files are. */
  private MoveReport report(Mode mode, MoveRequest counted, List<Path> cameSince)
      throws IOException {
    Contents contents = Contents.of(disk, counted);
    return new MoveReport(
        move.name(),
        move.from(),
        move.to(),
        mode == Mode.COPY ? MoveReport.How.COPY : MoveReport.How.RENAME,
        contents.files(),
        contents.bytes(),
        cameSince,
        Contents.others(disk, move));
  }
}
