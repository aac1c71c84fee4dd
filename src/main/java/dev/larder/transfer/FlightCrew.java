package dev.larder.transfer;

import dev.larder.upstream.UpstreamException;
import org.jspecify.annotations.Nullable;

/**
 * What a flight needs of the room around it: threads, settings, and somebody who hears how it went.
 */
interface FlightCrew {
  TransferSettings settings();

  /** The connections that all flights share. */
  Lanes lanes();

  /** Starts a fetcher with its first claim. */
  void fetch(Flight flight, Claim first);

  /** Starts the flight's hasher. */
  void hash(Flight flight);

  /** A try failed and will be made again. */
  void troubled(FlightOrder order, UpstreamException trouble);

  /**
   * The flight is over and nobody writes any more: keep, drop or let go of what it staged. Readers
   * may still read.
   */
  void settle(Flight flight, @Nullable RuntimeException failure);
}
