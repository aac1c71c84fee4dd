package dev.larder.serve.huggingface;

import dev.larder.http.Reply;
import dev.larder.store.StoreException;
import dev.larder.transfer.FlightReader;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a flight as the door sends them. {@code unkept}: the answer past the store, for a
 * flight that ended for want of room.
 */
record FlightBody(FlightReader reader, LongConsumer served, Supplier<Reply> unkept)
    implements Reply.GrowingBody {
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
  public @Nullable Supplier<Reply> instead(RuntimeException failure) {
    return StoreException.isWantOfRoom(failure) ? unkept : null;
  }

  @Override
  public void close() {
    reader.close();
  }
}
