package dev.larder.http;

import java.nio.channels.FileChannel;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer. {@code headers} are sent as they are, in order; the length and the date are added. The
 * body of an answer to HEAD is left out, its length stays.
 */
public sealed interface Reply {
  int status();

  List<Header> headers();

  /** A small body. */
  record Bytes(int status, List<Header> headers, byte[] body) implements Reply {}

  /** Only a head, as for HEAD: {@code contentLength} of the body that GET would have. */
  record Head(int status, List<Header> headers, long contentLength) implements Reply {}

  /**
   * A part of an open file, sent without copying. {@code check} is asked before the last bytes of a
   * large part go out: what somebody rewrote meanwhile is never completed. {@code ended} is told
   * once, when it was sent or could not be, how many bytes went out to the client.
   */
  record FileSlice(
      int status,
      List<Header> headers,
      FileChannel channel,
      long offset,
      long length,
      FileCheck check,
      LongConsumer ended)
      implements Reply {}

  /** Whether a file still holds what it held when its answer began. */
  interface FileCheck {
    /** On the event loop, so quick. False: {@link #thoroughly} knows. */
    boolean atOnce();

    /** May block. */
    boolean thoroughly();
  }

  /** A body that arrives while it is sent. */
  record Growing(int status, List<Header> headers, GrowingBody body) implements Reply {}

  /**
   * Lines or pieces written one by one. Of no known length, unless {@code headers} has a {@code
   * Content-Length}; a body that is then shorter or longer cuts the connection.
   */
  record Stream(int status, List<Header> headers, StreamBody body) implements Reply {}

  /**
   * Bytes {@code [start, end)} of a file that is still being written. Used by one virtual thread.
   */
  interface GrowingBody extends AutoCloseable {
    long start();

    long end();

    /**
     * Blocks until the byte at {@code position} may be sent; returns the end of what may be sent
     * from there. A failure before the first byte becomes an error answer, a later one cuts the
     * connection.
     */
    long awaitReadable(long position);

    FileChannel channel();

    /** So many bytes more went out to the client. */
    default void sent(long bytes) {}

    /**
     * What may be answered instead, when {@code failure} came before the first byte. Null: the
     * failure is the answer. Asked after {@link #close()}.
     */
    default @Nullable Supplier<Reply> instead(RuntimeException failure) {
      return null;
    }

    @Override
    void close();
  }

  /** Writes a body piece by piece from a virtual thread. */
  interface StreamBody {
    void writeTo(StreamSink sink);
  }

  /** Where a {@link StreamBody} writes. */
  interface StreamSink {
    /**
     * Sends {@code length} bytes; blocks while the client is slow. Throws {@link ClientGone} when
     * it left.
     */
    void write(byte[] bytes, int offset, int length);
  }
}
