package dev.larder.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in columns, two spaces apart. A header that begins with {@code >} aligns to the right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;

  TextTable(String... headers) {
    right = new boolean[headers.length];
    List<String> first = new ArrayList<>();
    for (int i = 0; i < headers.length; i++) {
      right[i] = headers[i].startsWith(">");
      first.add(right[i] ? headers[i].substring(1) : headers[i]);
    }
    rows.add(first);
  }

  void row(String... cells) {
    rows.add(Arrays.stream(cells).map(Visible::of).toList());
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  /** One line for each row, no spaces at the end. */
  List<String> lines() {
    int[] widths = new int[right.length];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String pad = " ".repeat(widths[i] - width(row.get(i)));
      line.append(i == 0 ? "" : "  ");
      line.append(right[i] ? pad + row.get(i) : row.get(i) + pad);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
