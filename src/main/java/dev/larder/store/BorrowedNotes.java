package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.InvalidName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One small file for each {@link BorrowedFile}, so that the next process need not hash it again.
 * Losing one costs that and nothing else; so failures here are logged and go no further.
 */
record BorrowedNotes(StoreParts parts) {
  private static final int MAX_BYTES = 16 << 10;

  /** Those that were not written to in the time that an unclean stop left in doubt. */
  List<BorrowedFile> load() throws IOException {
    List<BorrowedFile> files = new ArrayList<>();
    for (Path note : parts.disk().list(parts.layout().borrowed())) {
      Optional<BorrowedFile> file =
          read(note).filter(f -> !parts.suspects().wasInDoubt(f.fingerprint().changedNanos()));
      file.ifPresentOrElse(files::add, () -> remove(note));
    }
    return files;
  }

  private Optional<BorrowedFile> read(Path note) {
    try {
      Digest digest = new Digest(BlobLayout.fileName(note));
      return BorrowedFile.parse(
          digest, parts.smallFiles().read(note, MAX_BYTES), parts.layout().root());
    } catch (IOException | InvalidName e) {
      StoreLog.LOG.warn("{} cannot be read; the file it is about is hashed again", note, e);
      return Optional.empty();
    }
  }

  void put(BorrowedFile file) {
    Path note = note(file.digest());
    try {
      // What its writer never synced a power cut may take, and leave the fingerprint as it is.
      parts.disk().syncFile(file.file());
      parts.suspects().publishing();
      parts.disk().createDirectories(parts.layout().borrowed());
      parts.smallFiles().write(note, file.text(parts.layout().root()));
      parts.disk().syncDirectory(parts.layout().borrowed());
    } catch (IOException e) {
      StoreLog.LOG.warn("{} is not remembered; the next start hashes it again", file.file(), e);
      remove(note);
    }
  }

  void forget(Digest digest) {
    remove(note(digest));
  }

  private Path note(Digest digest) {
    return parts.layout().borrowed().resolve(digest.hex());
  }

  private void remove(Path note) {
    try {
      parts.disk().delete(note);
    } catch (IOException e) {
      // It names a fingerprint that is compared before anything is served.
      StoreLog.LOG.warn("{} cannot be removed", note, e);
    }
  }
}
