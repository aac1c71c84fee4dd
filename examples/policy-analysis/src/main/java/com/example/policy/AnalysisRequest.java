package com.example.policy;

import java.util.List;
import java.util.Locale;

/** What is to be done. {@code accuracy}: from 0 to 1, how alike things of one cluster are. */
record AnalysisRequest(List<TextCell> cells, double accuracy, Mode mode, boolean semantic) {
  private static final double USUAL_ACCURACY = 0.75;

  /** What is compared: each sentence, or each row of the sheet as a whole. */
  enum Mode {
    CLAUSES,
    DOCUMENTS
  }

  static AnalysisRequest of(Form form) throws Refused {
    double accuracy = accuracy(form.text("cluster_accuracy").orElse("" + USUAL_ACCURACY));
    Mode mode = mode(form.text("analysis_mode").orElse("clauses"));
    boolean semantic = yes(form.text("use_semantic").orElse("true"));
    byte[] file = form.parts().get("policy_file");
    if (file == null || file.length == 0) {
      throw new Refused(
          400, "file-missing", "The form has no file policy_file, or it is empty (.xlsx).");
    }
    return new AnalysisRequest(Workbooks.read(file), accuracy, mode, semantic);
  }

  /** Up to 1 a fraction, above a percentage: 0.85, 85 and 85% are the same. */
  private static double accuracy(String text) throws Refused {
    boolean percent = text.endsWith("%");
    try {
      double value = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
      double fraction = percent || value > 1 ? value / 100 : value;
      if (fraction >= 0 && fraction <= 1) {
        return fraction;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number out of range.
    }
    throw wrong("cluster_accuracy", "from 0 to 1, or a percentage such as 85", text);
  }

  private static Mode mode(String text) throws Refused {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "clauses" -> Mode.CLAUSES;
      case "documents" -> Mode.DOCUMENTS;
      default -> throw wrong("analysis_mode", "clauses or documents", text);
    };
  }

  private static boolean yes(String text) throws Refused {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw wrong("use_semantic", "true or false", text);
    };
  }

  private static Refused wrong(String field, String expected, String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return new Refused(
        400, "field-wrong", field + " must be " + expected + ", not \"" + shown + "\".");
  }
}
