package dev.larder.http;

import dev.larder.content.RangeRequest;
import dev.larder.content.Reserve;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, its head read. */
public interface Request {
  /** Upper case: {@code GET}. */
  String method();

  /**
   * The path as it was sent, split at {@code /}, without the empty part before the first; nothing
   * decoded.
   */
  List<String> rawSegments();

  /** The path as it was sent, query left out. */
  String rawPath();

  /** The query as it was sent, without the question mark; empty when there is none. */
  String rawQuery();

  /** First value of a header, by any case. */
  @Nullable String header(String name);

  /**
   * {@code Range}, when there is exactly one satisfiable form of it; {@link RangeRequest#WHOLE}
   * otherwise. RFC 9110 §14.2.
   */
  RangeRequest range();

  /**
   * The body, read to its end; blocks, so only from {@link Endpoint#answer}. Longer than {@code
   * limitBytes}: 413.
   */
  byte[] body(int limitBytes);

  /** For what is held whole to answer it; given back when the answer is out. */
  Reserve reserve();

  /** Decodes one raw segment once; empty when it is malformed (a bad escape or no UTF-8). */
  Optional<String> decoded(String rawSegment);

  /** A name for this request, for the log and for {@code X-Request-Id}. */
  String id();

  /** Whether the other end is this machine. */
  boolean fromLoopback();

  /**
   * The other end's address, of IPv6 the network of 64 bits alone: what one sender can choose
   * freely does not make it another. Forwarded headers say nothing here.
   */
  String peer();

  /**
   * Address that clients use for this server, without a trailing slash: {@code http://host:8090}.
   */
  String publicUrl();
}
