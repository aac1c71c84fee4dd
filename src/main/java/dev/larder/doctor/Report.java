package dev.larder.doctor;

import java.util.List;

/** What an examination found, the worst first, and what it looked at, in which locations. */
public record Report(List<Finding> findings, List<String> subjects, List<String> locations) {
  public Report {
    findings = List.copyOf(findings);
    subjects = List.copyOf(subjects);
    locations = List.copyOf(locations);
  }

  /** Whether nothing is left that somebody should do something about. Notes are no such thing. */
  public boolean healthy() {
    return findings.stream()
        .allMatch(finding -> finding.fixed() || finding.code().severity() == Code.Severity.NOTE);
  }
}
