package dev.larder.demo;

import dev.larder.content.ByteRange;
import dev.larder.content.RangeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file or the range asked for, at most so many bytes a second on each connection, and
 * counts every byte. One small buffer per request.
 */
final class FileSender {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final double NANOS = 1e9;

  private final long bytesPerSecond;
  private final LongAdder sent;

  /** No limit when {@code bytesPerSecond} is 0. */
  FileSender(long bytesPerSecond, LongAdder sent) {
    this.bytesPerSecond = bytesPerSecond;
    this.sent = sent;
  }

  void send(HubCall call, DemoFile file) throws IOException {
    call.with("ETag", file.etag()).with("Accept-Ranges", "bytes");
    call.with("Content-Type", contentType(file));
    if (file.etag().equals(call.header("If-None-Match"))) {
      call.headOnly(304, 0);
      call.close();
      return;
    }
    RangeRequest asked = asked(call, file.etag());
    Optional<ByteRange> range = asked.in(file.sizeBytes());
    if (range.isEmpty()) {
      call.with("Content-Range", "bytes */" + file.sizeBytes());
      call.error(416, null, "Range not satisfiable");
      return;
    }
    boolean whole = asked instanceof RangeRequest.Whole;
    if (!whole) {
      call.with("Content-Range", range.get().contentRange(file.sizeBytes()));
    }
    call.headOnly(whole ? 200 : 206, range.get().length());
    if (!call.isHead()) {
      copy(file, range.get(), call.stream());
    }
    call.close();
  }

  private void copy(DemoFile file, ByteRange range, OutputStream out) throws IOException {
    long start = System.nanoTime();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (FileChannel bytes = FileChannel.open(file.onDisk())) {
      long at = range.start();
      while (at < range.end()) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, range.end() - at));
        int got = bytes.read(buffer, at);
        if (got < 0) {
          throw new IOException(file.path() + " is shorter than it was");
        }
        sent.add(got); // Before: whoever has all of them reads the whole sum.
        out.write(buffer.array(), 0, got);
        at += got;
        pace(start, at - range.start());
      }
    }
  }

  private void pace(long startNanos, long bytes) {
    if (bytesPerSecond == 0) {
      return;
    }
    long due = startNanos + (long) (bytes * NANOS / bytesPerSecond);
    for (long left = due - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** RFC 9110 §13.1.5: a range whose {@code If-Range} is another validator asks for the whole. */
  private static RangeRequest asked(HubCall call, String etag) {
    @Nullable String validator = call.header("If-Range");
    @Nullable String range = call.header("Range");
    if (range == null || (validator != null && !validator.equals(etag))) {
      return RangeRequest.WHOLE;
    }
    Matcher match = RANGE.matcher(range);
    if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
      return RangeRequest.WHOLE;
    }
    if (match.group(1).isEmpty()) {
      return new RangeRequest.Suffix(Long.parseLong(match.group(2)));
    }
    long start = Long.parseLong(match.group(1));
    if (match.group(2).isEmpty()) {
      return new RangeRequest.From(start);
    }
    long last = Long.parseLong(match.group(2));
    return last < start ? RangeRequest.WHOLE : new RangeRequest.Closed(start, last + 1);
  }

  private static String contentType(DemoFile file) {
    return file.large() ? "application/octet-stream" : "text/plain; charset=utf-8";
  }
}
