package dev.larder.content;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What the file system refused, in words: Java's message is often only the name of the file. */
public final class DiskFailure {
  private DiskFailure() {}

  /** The end of a sentence, without its full stop. */
  public static String reason(IOException e) {
    String text = e.getMessage();
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + " is not there";
      case NotDirectoryException file -> file.getFile() + " is not a directory";
      case FileAlreadyExistsException there -> there.getFile() + " is there already";
      case AccessDeniedException denied -> "permission denied on " + denied.getFile();
      case FileSystemException bare when bare.getReason() == null ->
          "%s (%s)".formatted(bare.getFile(), bare.getClass().getSimpleName());
      default -> text == null ? e.getClass().getSimpleName() : text;
    };
  }
}
