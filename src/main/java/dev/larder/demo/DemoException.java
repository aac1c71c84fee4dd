package dev.larder.demo;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the demo could not do. */
public abstract sealed class DemoException extends LarderException {
  private static final long serialVersionUID = 1L;

  private DemoException(String code, String message, @Nullable Throwable cause) {
    super(code, Retry.never(), message, cause);
  }

  /** The package that holds the demo's model is not where it should be, or is not that package. */
  public static final class ModelMissing extends DemoException {
    ModelMissing(List<Path> places) {
      super(
          "demo-model-missing",
          "Tried to find the demo's model package %s in %s but it is not there; run ./build in a checkout, or unpack the whole distribution."
              .formatted(DemoModel.PACKAGE, places),
          null);
    }

    ModelMissing(Path jar, String entry) {
      super(
          "demo-model-missing",
          "Tried to read %s from the demo's model package %s but it has no such entry; build or unpack Larder again."
              .formatted(entry, jar),
          null);
    }
  }

  /** The demo's hub or its files met an error of the operating system. */
  public static final class HubFailed extends DemoException {
    HubFailed(String tried, Throwable cause) {
      super(
          "demo-hub-failed",
          "Tried to %s for the demo but failed: %s; see that the temporary directory is writable and has 200 MB free."
              .formatted(tried, cause.getMessage()),
          cause);
    }
  }

  /** A client of the demo got no whole answer. */
  public static final class ClientFailed extends DemoException {
    ClientFailed(URI address, Throwable cause) {
      super(
          "demo-client-failed",
          "Tried to ask the demo's Larder for %s but failed: %s; see the log above for the server's reason."
              .formatted(address, cause),
          cause);
    }
  }

  /** A step of the story did not come out as it must. */
  public static final class StoryBroken extends DemoException {
    StoryBroken(String step, String expected, String found) {
      super(
          "demo-story-broken",
          "Demo step '%s' should have shown %s but showed %s; this is a fault in Larder, please report it."
              .formatted(step, expected, found),
          null);
    }
  }
}
