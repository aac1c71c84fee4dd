package com.example.policy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;

/** The text of a spreadsheet, of somebody whom nobody knows. */
final class Workbooks {
  private static final long MOST_UNPACKED = 32_000_000;
  private static final int MOST_CHARACTERS = 1_000_000;
  private static final int MOST_ENTRIES = 2_000;

  private Workbooks() {}

  /** The cells that have text, sheet by sheet, row by row. */
  static List<TextCell> read(byte[] file) throws Refused {
    refuseOther(file);
    refuseBomb(file);
    List<TextCell> cells = new ArrayList<>();
    try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(file))) {
      for (Sheet sheet : workbook.getSheets().toList()) {
        try (Stream<Row> rows = sheet.openStream()) {
          rows.forEach(row -> add(sheet.getName(), row, cells));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable();
    }
    return checked(cells);
  }

  private static List<TextCell> checked(List<TextCell> cells) throws Refused {
    if (cells.isEmpty()) {
      throw new Refused(422, "file-without-text", "The file has no cell with text in it.");
    }
    long characters = cells.stream().mapToLong(cell -> cell.text().length()).sum();
    if (characters > MOST_CHARACTERS) {
      throw new Refused(
          413,
          "file-too-large",
          "The file has "
              + characters
              + " characters of text; "
              + MOST_CHARACTERS
              + " are the most.");
    }
    return cells;
  }

  private static void add(String sheet, Row row, List<TextCell> cells) {
    for (Cell cell : row) {
      if (cell != null && cell.getType() == CellType.STRING && !cell.getText().isBlank()) {
        var at = cell.getAddress();
        cells.add(
            new TextCell(
                sheet, at.getRow() + 1, at.getColumn() + 1, at.toString(), cell.getText()));
      }
    }
  }

  private static void refuseOther(byte[] file) throws Refused {
    if (begins(file, 0xd0, 0xcf, 0x11, 0xe0)) {
      String text = new String(file, StandardCharsets.UTF_16LE);
      throw text.contains("EncryptedPackage")
          ? new Refused(
              422, "file-encrypted", "The file has a password. Save it without one and try again.")
          : new Refused(
              415,
              "file-not-xlsx",
              "The file is of the old format .xls. Save it as .xlsx and try again.");
    }
    if (!begins(file, 'P', 'K', 3, 4)) {
      throw new Refused(415, "file-not-xlsx", "The file is not a spreadsheet (.xlsx).");
    }
  }

  private static Refused unreadable() {
    return new Refused(
        422,
        "file-unreadable",
        "The file is damaged. Open it in a spreadsheet program and save it anew.");
  }

  private static boolean begins(byte[] file, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= file.length || (file[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** Unpacks it once and keeps nothing, by the same directory that the reader of it goes by. */
  private static void refuseBomb(byte[] file) throws Refused {
    try (ZipFile zip = ZipFile.builder().setByteArray(file).get()) {
      if (zip.getEntry("xl/workbook.xml") == null) {
        throw new Refused(
            415, "file-not-xlsx", "The file is a zip archive, but not a spreadsheet (.xlsx).");
      }
      long left = MOST_UNPACKED;
      int entries = 0;
      for (ZipArchiveEntry entry : (Iterable<ZipArchiveEntry>) zip.getEntries()::asIterator) {
        try (InputStream in = zip.getInputStream(entry)) {
          left -= length(in, left);
        }
        if (left <= 0 || ++entries > MOST_ENTRIES) {
          throw new Refused(
              413,
              "file-too-large",
              "The file has more than "
                  + MOST_UNPACKED
                  + " bytes when it is unpacked, or more"
                  + " than "
                  + MOST_ENTRIES
                  + " parts.");
        }
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable();
    }
  }

  /** Of what can be read, at most a little more than {@code most}. */
  private static long length(InputStream in, long most) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long length = 0;
    for (int n = in.read(buffer); n >= 0 && length <= most; n = in.read(buffer)) {
      length += n;
    }
    return length;
  }
}
