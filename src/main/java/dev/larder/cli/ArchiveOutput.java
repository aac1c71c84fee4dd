package dev.larder.cli;

import dev.larder.provision.Archives.KeptRef;
import dev.larder.provision.Archives.LeftOut;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the commands around archives have in common. */
record ArchiveOutput(Desk desk) {
  static final String REPO =
      "org/name, datasets/org/name, spaces/org/name; also hf://… and the address of its page.";

  void sayWhatIsLeftOut(List<LeftOut> leftOut) {
    leftOut.forEach(each -> desk.warn("left out %s: %s.".formatted(each.what(), each.why())));
  }

  void sayWhatStays(List<KeptRef> refs) {
    refs.forEach(
        ref ->
            desk.warn(
                "%s@%s stays at %s; it would have become %s, which nobody confirmed later."
                    .formatted(ref.repo(), ref.revision(), ref.here(), ref.archived())));
  }

  static List<Map<String, @Nullable Object>> leftOut(List<LeftOut> leftOut) {
    return leftOut.stream()
        .map(each -> Json.object("what", each.what(), "why", each.why(), "wrong", each.wrong()))
        .toList();
  }

  static List<Map<String, @Nullable Object>> keptRefs(List<KeptRef> refs) {
    return refs.stream()
        .map(
            ref ->
                Json.object(
                    "repo", ref.repo(),
                    "revision", ref.revision(),
                    "here", ref.here(),
                    "archived", ref.archived()))
        .toList();
  }

  /** Bytes that are not those they should be are worth an exit code of their own. */
  static int exitCode(List<LeftOut> leftOut) {
    if (leftOut.stream().anyMatch(LeftOut::wrong)) {
      return ExitCodes.UNVERIFIED;
    }
    return leftOut.isEmpty() ? ExitCodes.DONE : ExitCodes.INCOMPLETE;
  }

  static String count(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
