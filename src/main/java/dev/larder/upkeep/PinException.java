package dev.larder.upkeep;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import dev.larder.content.Sizes;
import java.util.Collection;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What pins would not do. */
public abstract sealed class PinException extends LarderException {
  private static final long serialVersionUID = 1L;

  private PinException(String code, String message) {
    super(code, Retry.never(), message, null);
  }

  /** There would be too little left that can be evicted. */
  public static final class TooMuch extends PinException {
    private static final long serialVersionUID = 1L;

    TooMuch(String target, long pinnedBytes, long mostBytes, Collection<Budget.Pin> others) {
      super(
          "pin-limit",
          "Tried to pin %s, but then pins would keep %s, and no more than %s may be pinned (80 %% of LARDER_MAX_SIZE). %s."
              .formatted(
                  target, Sizes.format(pinnedBytes), Sizes.format(mostBytes), byOwner(others)));
    }

    private static String byOwner(Collection<Budget.Pin> pins) {
      if (pins.isEmpty()) {
        return "Nothing else is pinned; pin less, such as one revision, or raise the budget";
      }
      return "Pinned are "
          + pins.stream()
              .collect(Collectors.groupingBy(Budget.Pin::owner, TreeMap::new, Collectors.toList()))
              .entrySet()
              .stream()
              .map(
                  each ->
                      "by %s: %s"
                          .formatted(
                              each.getKey(),
                              each.getValue().stream()
                                  .map(pin -> pin.target() + " " + Sizes.format(pin.sizeBytes()))
                                  .collect(Collectors.joining(", "))))
              .collect(
                  Collectors.joining(
                      "; ", "", "; remove one of them ('larder pin rm') or raise the budget"));
    }
  }

  /** Nobody of that name pinned it. */
  public static final class NoSuchPin extends PinException {
    private static final long serialVersionUID = 1L;

    NoSuchPin(String target, String owner, Collection<String> owners) {
      super(
          "no-such-pin",
          "%s is not pinned by %s%s; 'larder pin ls' has them all."
              .formatted(
                  target,
                  owner,
                  owners.isEmpty() ? "" : ", but by " + String.join(", ", owners) + " (--owner)"));
    }
  }
}
