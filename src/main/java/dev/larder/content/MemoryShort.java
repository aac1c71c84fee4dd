package dev.larder.content;

import java.time.Duration;

/** There was no memory for what a request has to hold whole: others, or its caller, have it. */
public final class MemoryShort extends LarderException {
  private static final long serialVersionUID = 1L;
  private static final Duration LATER = Duration.ofSeconds(2);

  public MemoryShort() {
    super(
        "memory-short",
        Retry.after(LATER),
        "Larder has to hold this whole while it is answered, and other requests hold as much as may be held at once. Try again in a moment; more memory for the process (-Xmx) makes room for more of them.",
        null);
  }
}
