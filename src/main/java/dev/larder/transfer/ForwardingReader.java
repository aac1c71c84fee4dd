package dev.larder.transfer;

import dev.larder.content.ByteRange;
import java.nio.channels.FileChannel;

/** A reader that is another one, but for what a subclass does on the way. */
public abstract class ForwardingReader implements FlightReader {
  private final FlightReader reader;

  protected ForwardingReader(FlightReader reader) {
    this.reader = reader;
  }

  @Override
  public ByteRange range() {
    return reader.range();
  }

  @Override
  public boolean joined() {
    return reader.joined();
  }

  @Override
  public long awaitReadable(long position) {
    return reader.awaitReadable(position);
  }

  @Override
  public void awaitPublished(Flights.ProgressListener progress) {
    reader.awaitPublished(progress);
  }

  @Override
  public FileChannel channel() {
    return reader.channel();
  }

  @Override
  public void close() {
    reader.close();
  }
}
