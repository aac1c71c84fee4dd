package com.example.policy;

/** A text that is compared, and where it stands: in a cell from {@code start} to {@code end}. */
record Clause(TextCell cell, int start, int end, String text) {
  /** As the answer shows it. */
  Member member() {
    return new Member(text, cell.sheet(), cell.row(), cell.column(), cell.cell(), start, end);
  }

  record Member(String text, String sheet, int row, int column, String cell, int start, int end) {}
}
