package dev.larder.store;

import dev.larder.content.Disk;
import dev.larder.content.WritableFile;
import dev.larder.store.JournalReading.Journalled;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** The open files of one attempt. Opening opens all of them or leaves none open. */
record OpenFiles(WritableFile file, Journal journal, FileChannel readers) {
  /** Of an attempt that begins. */
  static OpenFiles create(Disk disk, Attempt attempt, String boot) throws IOException {
    return open(
        disk,
        attempt,
        disk.create(attempt.part()),
        () -> disk.create(attempt.journal()),
        file -> {
          Journal journal = new Journal(file, 0, 0);
          journal.header(attempt, boot);
          return journal;
        });
  }

  /** Of an attempt that goes on. */
  static OpenFiles reopen(Disk disk, Attempt attempt, Journalled told, String boot)
      throws IOException {
    return open(
        disk,
        attempt,
        disk.reopen(attempt.part()),
        () -> disk.reopen(attempt.journal()),
        file -> {
          file.truncate(told.soundBytes());
          Journal journal = new Journal(file, told.soundBytes(), told.landedRecords());
          if (!told.sameBoot()) {
            journal.boot(boot);
          }
          return journal;
        });
  }

  private interface Opening {
    WritableFile open() throws IOException;
  }

  private interface Beginning {
    Journal begin(WritableFile file) throws IOException;
  }

  private static OpenFiles open(
      Disk disk, Attempt attempt, WritableFile part, Opening opening, Beginning beginning)
      throws IOException {
    try {
      WritableFile sidecar = opening.open();
      try {
        Journal journal = beginning.begin(sidecar);
        return new OpenFiles(part, journal, disk.openRead(attempt.part()));
      } catch (IOException | RuntimeException e) {
        closeAfter(e, sidecar);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      closeAfter(e, part);
      throw e;
    }
  }

  private static void closeAfter(Exception failure, WritableFile file) {
    try {
      file.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
