package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalPlan.Staying;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** Plan, question, removal, report: the same for all commands that remove. For one command. */
final class RemovalDialogue {
  private final Desk desk;
  private final RemovalOptions options;
  private final Consent consent;
  private boolean nothingWent;

  RemovalDialogue(Desk desk, RemovalOptions options) {
    this.desk = desk;
    this.options = options;
    this.consent = new Consent(desk);
  }

  /** Before anything is looked at: a script learns at once what it has to say. */
  void requireConsent() {
    if (!options.dryRun && !options.yes) {
      consent.requireSomebody();
    }
  }

  int run(Removals removals, Function<Removals, RemovalPlan> question) {
    RemovalPlan plan = question.apply(removals);
    nothingWent = plan.going().isEmpty();
    if (options.dryRun || plan.going().isEmpty()) {
      print(options.dryRun, plan.going(), plan.staying(), plan.bytes());
      return ExitCodes.DONE;
    }
    if (!options.yes && !agreed(plan)) {
      desk.warn("Nothing was removed.");
      return ExitCodes.FAILED;
    }
    RemovalReport report = removals.apply(plan);
    nothingWent = report.gone().isEmpty();
    List<Staying> stayed =
        Stream.concat(plan.staying().stream(), report.stayed().stream()).distinct().toList();
    print(false, report.gone(), stayed, report.bytes());
    return ExitCodes.DONE;
  }

  /** Whether nothing of what was asked for could go. */
  boolean nothingWent() {
    return nothingWent;
  }

  private boolean agreed(RemovalPlan plan) {
    plan.going().forEach(step -> desk.terminal().err().println(Visible.of(line(step))));
    plan.staying().forEach(each -> desk.terminal().err().println(Visible.of(line(each))));
    return consent.given("Remove this and free %s?".formatted(Sizes.format(plan.bytes())));
  }

  private void print(boolean planned, List<Going> gone, List<Staying> stayed, long bytes) {
    if (desk.json()) {
      desk.printJson(json(planned, gone, stayed, bytes));
      return;
    }
    if (desk.quiet()) {
      gone.forEach(step -> desk.print(Visible.of(step.subject())));
      return;
    }
    gone.forEach(step -> desk.print(Visible.of(line(step))));
    stayed.forEach(each -> desk.warn(line(each)));
    desk.print(summary(planned, gone.size(), bytes));
  }

  private String summary(boolean planned, int count, long bytes) {
    if (count == 0) {
      return "Nothing to remove.";
    }
    String what = "%d %s, %s".formatted(count, count == 1 ? "item" : "items", Sizes.format(bytes));
    return planned ? "Would remove %s.".formatted(what) : "Removed %s.".formatted(what);
  }

  private static String line(Going step) {
    String refs =
        step.refs().isEmpty()
            ? ""
            : " (%s)"
                .formatted(String.join(", ", step.refs().stream().map(Object::toString).toList()));
    String where =
        step.location()
            .filter(name -> !name.equals(RepoListing.PRIMARY))
            .map(" in the location "::concat)
            .orElse("");
    return "%s%s%s: %s, %s"
        .formatted(step.subject(), refs, where, words(step), Sizes.format(step.bytes()));
  }

  private static String words(Going step) {
    String what =
        switch (step.kind()) {
          case REPO -> "the whole repo";
          case REVISION -> "one revision";
          case BLOB, SHARED_BLOB, STORED_BLOB -> "a blob";
          case LEFTOVER -> "an unfinished download";
        };
    return what
        + switch (step.why()) {
          case NAMED -> "";
          case UNREFERENCED -> " that no ref names";
          case ORPHANED -> " that nothing leads to";
          case ABANDONED -> ", abandoned";
          case UNUSED -> ", not used lately";
          case TOO_MUCH -> ", to come down to the size";
        };
  }

  private static String line(Staying each) {
    return each.subject().isEmpty()
        ? each.why()
        : "%s stays: %s.".formatted(each.subject(), each.why());
  }

  private static Object json(boolean planned, List<Going> gone, List<Staying> stayed, long bytes) {
    return Json.object(
        "dry_run",
        planned,
        "bytes",
        bytes,
        "removed",
        gone.stream()
            .map(
                step ->
                    Json.object(
                        "subject", step.subject(),
                        "kind", step.kind().name().toLowerCase(Locale.ROOT),
                        "why", step.why().name().toLowerCase(Locale.ROOT),
                        "repo", step.repo(),
                        "commit", step.commit(),
                        "refs", step.refs(),
                        "location", step.location(),
                        "bytes", step.bytes()))
            .toList(),
        "kept",
        stayed.stream()
            .map(each -> Json.object("subject", each.subject(), "why", each.why()))
            .toList());
  }
}
