package dev.larder.mirror;

import dev.larder.store.BlobLease;
import dev.larder.transfer.FlightReader;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.huggingface.Found;
import java.util.function.LongConsumer;

/**
 * What became of a request for a file. Whoever gives bytes on tells {@code served} how many a
 * client was sent.
 */
public sealed interface Answer {
  /** The bytes are here. Close the lease. */
  record Ready(EntryHead head, CacheState state, BlobLease lease, LongConsumer served)
      implements Answer {}

  /** The bytes are on their way. Close the reader. */
  record Arriving(EntryHead head, CacheState state, FlightReader reader, LongConsumer served)
      implements Answer {}

  /**
   * The bytes are passed through and not kept: nothing says what they have to be, or there is no
   * room, or no place for such a name. Close the body.
   */
  record Passing(EntryHead head, RemoteContent.Body body, LongConsumer served) implements Answer {}

  /** A description was asked for. */
  record Described(EntryHead head, CacheState state) implements Answer {}

  /** The range asked for lies behind the end of the file. */
  record OutOfRange(EntryHead head) implements Answer {}

  /** The hub says no, now or when it was last asked. */
  record Refused(Found.Refusal reason, CacheState state) implements Answer {}
}
