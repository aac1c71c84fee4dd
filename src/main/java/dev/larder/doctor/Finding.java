package dev.larder.doctor;

import java.util.Optional;

/**
 * One thing that is wrong. {@code location} is the name of the one it was found in, empty for the
 * machine; {@code what} is a sentence that names it; {@code mend} a command for a shell that mends
 * it, or the nearest thing to one.
 */
public record Finding(
    Code code,
    Optional<String> location,
    String what,
    String mend,
    Optional<Remedy> remedy,
    Outcome outcome) {

  /** What became of it. */
  public sealed interface Outcome {
    /** Nothing was tried. */
    record Left() implements Outcome {}

    /** It is mended. {@code how}: half a sentence that begins with a verb in the past tense. */
    record Fixed(String how) implements Outcome {}

    /** The repair did not succeed. {@code why}: half a sentence. */
    record NotFixed(String why) implements Outcome {}
  }

  /** A repair that can do no harm: it looks once more before it changes anything. */
  @FunctionalInterface
  interface Remedy {
    /** Answers what was done, as {@link Outcome.Fixed} has it. */
    String apply() throws java.io.IOException;
  }

  static Finding of(Code code, String what, String mend) {
    return new Finding(code, Optional.empty(), what, mend, Optional.empty(), new Outcome.Left());
  }

  static Finding of(Code code, String what, String mend, Remedy remedy) {
    return new Finding(code, Optional.empty(), what, mend, Optional.of(remedy), new Outcome.Left());
  }

  Finding after(Outcome became) {
    return new Finding(code, location, what, mend, remedy, became);
  }

  Finding in(String name) {
    return new Finding(code, Optional.of(name), what, mend, remedy, outcome);
  }

  public boolean fixed() {
    return outcome instanceof Outcome.Fixed;
  }

  /** Whether {@code --fix} would do something about it. */
  public boolean fixable() {
    return remedy.isPresent();
  }
}
