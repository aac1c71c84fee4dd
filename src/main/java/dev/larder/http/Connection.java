package dev.larder.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, seen below HTTP: how long its client takes, whether it speaks HTTP at all, and
 * who must be told when it goes. Everything but {@link #whenGone} happens on its event loop.
 *
 * <p>Time is counted in ticks of the {@link EventLoopDoor}, so that a request costs no look at a
 * clock.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  static final AttributeKey<Connection> KEY = AttributeKey.valueOf(Connection.class, "larder");

  private static final Runnable NOTHING = () -> {};
  private static final int LINGER_TICKS = 2;

  private final EventLoopDoor door;
  private final Channel channel;

  /** Closes at once. The channel's own {@code close} queues in Vert.x behind what is not sent. */
  private final ChannelHandlerContext wire;

  private final OutputWatch output = new OutputWatch();
  private final AtomicReference<Runnable> whenGone = new AtomicReference<>(NOTHING);

  /** Requests whose answer is not complete; more than one while a pipelined one begins. */
  private int open;

  private boolean readingHead;
  private boolean touched;
  private boolean refused;
  private int ticks;

  Connection(EventLoopDoor door, Channel channel) {
    this.door = door;
    this.channel = channel;
    channel.attr(KEY).set(this);
    channel.pipeline().addFirst("larder", this);
    wire = channel.pipeline().context(this);
  }

  static Connection of(Channel channel) {
    return channel.attr(KEY).get();
  }

  /** A request's head is complete. */
  void begin() {
    open++;
    readingHead = false;
  }

  /** An answer was handed over, or could not be. */
  void end() {
    open--;
    touched = true;
    ticks = 0;
  }

  /**
   * Runs {@code action} when the client goes before {@link #staysHere}; at once when it has gone.
   * From any thread. On the event loop, so it must not block. The newest one counts.
   */
  void whenGone(Runnable action) {
    whenGone.set(action);
    if (!channel.isActive() && whenGone.compareAndSet(action, NOTHING)) {
      action.run();
    }
  }

  /** Takes back this {@link #whenGone}; that of a request which began since then stays. */
  void staysHere(Runnable action) {
    whenGone.compareAndSet(action, NOTHING);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    touched = true;
    if (open == 0 && !readingHead) {
      readingHead = true;
      ticks = 0;
      if (message instanceof ByteBuf bytes && !beginsLikeHttp(bytes)) {
        ReferenceCountUtil.release(message);
        refuse(400, "This is an HTTP port and what came is not HTTP (TLS, perhaps?).");
        return;
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    door.forget(this);
    context.fireChannelInactive();
    // After the others: whatever was still to be written has failed by now, so nothing reads a
    // file.
    whenGone.getAndSet(NOTHING).run();
  }

  /** RFC 9112 §2.2: empty lines before a request are skipped; a method begins with a letter. */
  private static boolean beginsLikeHttp(ByteBuf bytes) {
    for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
      byte b = bytes.getByte(i);
      if (b != '\r' && b != '\n') {
        return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
      }
    }
    return true;
  }

  /** Once a tick: lets go of a client that takes too long. */
  void tick(EventLoopDoor.Ticks limits) {
    if (refused) {
      closeAfter(LINGER_TICKS);
    } else if (open > 0) {
      watchOutput(limits.idle());
    } else if (readingHead) {
      if (++ticks >= limits.head()) {
        refuse(408, "The request's head did not arrive in time.");
      }
    } else if (touched) {
      touched = false;
      ticks = 0;
    } else {
      closeAfter(limits.idle());
    }
  }

  private void closeAfter(int limit) {
    if (++ticks >= limit) {
      wire.close();
    }
  }

  /** While nothing is to be sent the server is the slow one, and has its own deadlines. */
  private void watchOutput(int limit) {
    if (output.moves(channel)) {
      ticks = 0;
    } else if (++ticks >= limit) {
      log.atDebug()
          .addKeyValue("client", channel.remoteAddress())
          .log("The client took nothing of its answer for too long and is cut.");
      cut();
    }
  }

  /**
   * Answers without HTTP's machinery, stops reading, and closes once the client had time to see it.
   */
  void refuse(int status, String why) {
    if (refused) {
      return;
    }
    refused = true;
    ticks = 0;
    String body = why + "\n";
    String answer =
        "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nDate: %s\r\nConnection: close\r\n\r\n%s"
            .formatted(status, Statuses.phrase(status), body.length(), door.date(), body);
    ByteBuf bytes = ByteBufUtil.writeAscii(channel.alloc(), answer);
    wire.writeAndFlush(bytes).addListener(_ -> shutdownOutput());
  }

  /** Closes, after an answer, a connection whose request was not read to its end. */
  void finish() {
    refused = true;
    ticks = 0;
    wire.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutdownOutput());
  }

  private void shutdownOutput() {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    } else {
      channel.close();
    }
  }

  /**
   * Ends the connection with a reset: the client cannot take what it has for the whole. Any thread.
   *
   * <p>Done on the event loop, where connections are closed. Elsewhere this one may be closed
   * meanwhile, and its descriptor belong to another client by the time the option is set: that one
   * would see a reset at the end of an answer that is whole.
   */
  void cut() {
    if (channel.eventLoop().inEventLoop()) {
      cutNow();
    } else {
      channel.eventLoop().execute(this::cutNow);
    }
  }

  private void cutNow() {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      wire.close();
    }
  }

  boolean isOpen() {
    return channel.isActive();
  }

  void onLoop(Runnable action) {
    channel.eventLoop().execute(action);
  }

  ByteBuf buffer(int size) {
    return channel.alloc().directBuffer(size, size);
  }

  @Nullable SocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  /** Where this connection arrived, as {@code Host} would say it. */
  String localName() {
    return channel.localAddress() instanceof InetSocketAddress local
        ? NetUtil.toSocketAddressString(local)
        : "localhost";
  }
}
