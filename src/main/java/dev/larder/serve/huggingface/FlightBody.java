package dev.larder.serve.huggingface;

import dev.larder.http.Reply;
import dev.larder.transfer.FlightReader;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/** The bytes of a flight as the door sends them. */
record FlightBody(FlightReader reader, LongConsumer served) implements Reply.GrowingBody {
  @Override
  public long start() {
    return reader.range().start();
  }

  @Override
  public long end() {
    return reader.range().end();
  }

  @Override
  public long awaitReadable(long position) {
    return reader.awaitReadable(position);
  }

  @Override
  public FileChannel channel() {
    return reader.channel();
  }

  @Override
  public void sent(long bytes) {
    served.accept(bytes);
  }

  @Override
  public void close() {
    reader.close();
  }
}
