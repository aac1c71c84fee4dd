package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.InvalidName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file that the store serves where somebody else keeps it, and why it could not be shared. */
public record InPlaceFile(Path file, String reason) {
  /** Those that are noted below {@code larder}; one whose note is not legible is left out. */
  public static List<InPlaceFile> noted(Path larder) throws IOException {
    List<InPlaceFile> files = new ArrayList<>();
    BlobLayout layout = new BlobLayout(larder);
    for (Path note : new LocalDisk().list(layout.borrowed())) {
      try {
        BorrowedFile.parse(
                new Digest(BlobLayout.fileName(note)), Files.readString(note), layout.root())
            .ifPresent(file -> files.add(new InPlaceFile(file.file(), file.reason())));
      } catch (InvalidName e) {
        StoreLog.LOG.debug("{} is no note", note, e);
      }
    }
    return List.copyOf(files);
  }
}
