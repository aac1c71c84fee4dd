package dev.larder.store;

import dev.larder.content.ByteRange;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Appends to the sidecar of an attempt. One record a line, each with its checksum, so that a torn
 * or lost tail is noticed (see {@link JournalLine}):
 *
 * <pre>{@code
 * 1c291ca3 larder-part 1
 * 5f0d2c11 expected sha256:9f86…
 * 0a51d0c4 size 1073741824
 * 7713cf0e label repo openai%2Fgpt
 * 90d1bb7a boot 5c0e…        the kernel that the records below were written under
 * 4be0a9c2 landed 0 8388608  these bytes were written before this line
 * e4a1730f note etag %22abc%22
 * 11c08a9d synced 1          the first 1 landed record is on the disk itself
 * }</pre>
 *
 * Safe for concurrent use; its lock is held while a few bytes are written.
 */
final class Journal implements AutoCloseable {
  private final WritableFile file;
  private long endBytes;
  private int landedRecords;

  /** {@code landedRecords} of the first {@code endBytes} are known to be sound. */
  Journal(WritableFile file, long endBytes, int landedRecords) {
    this.file = file;
    this.endBytes = endBytes;
    this.landedRecords = landedRecords;
  }

  synchronized void header(Attempt attempt, String boot) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(JournalLine.of("larder-part", "1"));
    text.append(JournalLine.of("expected", attempt.expected().toString()));
    text.append(JournalLine.of("size", Long.toString(attempt.sizeBytes())));
    attempt.label().forEach((key, value) -> text.append(JournalLine.of("label", key, value)));
    append(text.append(JournalLine.of("boot", boot)));
  }

  /** The records below are written under another kernel than those above. */
  synchronized void boot(String boot) throws IOException {
    append(new StringBuilder(JournalLine.of("boot", boot)));
  }

  /** After the bytes were written, never before. */
  synchronized void landed(List<ByteRange> ranges, Map<String, String> notes) throws IOException {
    StringBuilder text = new StringBuilder();
    notes.forEach((key, value) -> text.append(JournalLine.of("note", key, value)));
    for (ByteRange range : ranges) {
      text.append(
          JournalLine.of("landed", Long.toString(range.start()), Long.toString(range.end())));
    }
    append(text);
    landedRecords += ranges.size();
  }

  synchronized int landedRecords() {
    return landedRecords;
  }

  /** The bytes of the first {@code records} landed records were made durable. */
  synchronized void synced(int records) throws IOException {
    append(new StringBuilder(JournalLine.of("synced", Integer.toString(records))));
    file.sync();
  }

  private void append(StringBuilder text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    int length = bytes.remaining();
    file.write(bytes, endBytes);
    endBytes += length;
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
