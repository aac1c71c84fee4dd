package dev.larder.transfer;

import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.upstream.RemoteContent;
import java.util.function.Consumer;

/**
 * What a flight is to bring. {@code name} is what the object is wanted as: orders that share a
 * flight, or come while one ends, have {@code published} run once for each name when the blob is
 * durable, before the flight ends: rows, tree and refs are written there. {@code insists}: see
 * {@link dev.larder.store.RoomMaker.Need}. {@code meter} hears of every flight that begins for it.
 */
public record FlightOrder(
    FlightKey key,
    Object name,
    Identity expected,
    long sizeBytes,
    RemoteContent content,
    boolean insists,
    Consumer<Digest> published,
    Meter meter) {
  /** Counts flights. Called while nobody else can begin or end one: it returns at once. */
  public interface Meter {
    Meter NONE =
        new Meter() {
          @Override
          public void begun() {}

          @Override
          public void inVain() {}
        };

    void begun();

    /** One that had begun ended, and its blob was not stored. */
    void inVain();
  }

  public FlightOrder metered(Meter by) {
    return new FlightOrder(key, name, expected, sizeBytes, content, insists, published, by);
  }
}
