package dev.larder.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/** Whether a client takes what is to be sent to it. On its event loop. */
final class OutputWatch {
  private @Nullable Object lastSent;
  private long lastProgress;

  /** Whether anything was taken since the last look, or there is nothing to take. */
  boolean moves(Channel channel) {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    Object current = pending == null ? null : pending.current();
    long progress = pending == null ? 0 : pending.currentProgress();
    boolean moves = current == null || current != lastSent || progress != lastProgress;
    lastSent = current;
    lastProgress = progress;
    return moves;
  }
}
