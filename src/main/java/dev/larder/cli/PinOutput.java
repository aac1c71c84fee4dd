package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.upkeep.Budget.Pin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pins as text and as JSON. Days are in UTC. */
final class PinOutput {
  private PinOutput() {}

  static List<String> lines(List<Pin> pins) {
    TextTable table = new TextTable("TARGET", "OWNER", ">KEEPS", "SINCE", "UNTIL", "NOTE");
    for (Pin pin : pins) {
      table.row(
          pin.target(),
          pin.owner(),
          Sizes.format(pin.sizeBytes()),
          Ages.day(Optional.of(pin.createdAt())),
          Ages.day(pin.expiresAt()),
          pin.note());
    }
    return table.lines();
  }

  static String sentence(Pin pin) {
    return "Pinned %s by %s%s%s."
        .formatted(
            pin.target(),
            pin.owner(),
            pin.expiresAt().map(end -> " until " + Ages.day(Optional.of(end))).orElse(""),
            kept(pin.sizeBytes()));
  }

  /** Files of others in the tree are kept as well, and not counted: no budget is theirs. */
  private static String kept(long bytes) {
    return bytes == 0 ? "" : "; of what the store has it keeps " + Sizes.format(bytes);
  }

  static Map<String, @Nullable Object> json(Pin pin) {
    return Json.object(
        "repo", pin.repo(),
        "revision", pin.revision(),
        "owner", pin.owner(),
        "created_at", pin.createdAt(),
        "expires_at", pin.expiresAt(),
        "note", pin.note(),
        "size_bytes", pin.sizeBytes());
  }
}
