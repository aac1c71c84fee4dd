package dev.larder.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
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

  /** Far more than clients send. */
  private static final int LARGE_HEAD_BYTES = 2048;

  private final EventLoopDoor door;
  private final Channel channel;

  /** Closes at once. The channel's own {@code close} queues in Vert.x behind what is not sent. */
  private final ChannelHandlerContext wire;

  private final OutputWatch output = new OutputWatch();
  private final AtomicReference<Runnable> whenGone = new AtomicReference<>(NOTHING);

  /** Requests whose answer is not complete; more than one while a pipelined one begins. */
  private int open;

  private final RequestFraming framing = new RequestFraming();
  private final boolean guest;

  /** What came is misframed; nothing more of it is read. */
  private boolean misframed;

  private RequestsInFlight.@Nullable Seat seat;
  private boolean readingHead;
  private boolean largeHead;
  private volatile @Nullable String peer;
  private boolean touched;
  private boolean refused;
  private int ticks;

  /** {@code guest}: beyond the clients there is room for, so answered once and shortly. */
  Connection(EventLoopDoor door, Channel channel, boolean guest) {
    this.door = door;
    this.channel = channel;
    this.guest = guest;
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
    if (seat != null) {
      // All that was asked before is answered, though its thread may be at its last lines yet.
      seat.leave();
      seat = null;
    }
  }

  /** The newest request has this seat. */
  void take(RequestsInFlight.Seat taken) {
    seat = taken;
  }

  /** An answer was handed over, or could not be. */
  void end() {
    open--;
    touched = true;
    ticks = 0;
    readingHead = open == 0 && framing.insideHead();
    if (open == 0 && !readingHead) {
      forgetHead();
    }
    if (misframed && open == 0) {
      finish();
    }
  }

  boolean isGuest() {
    return guest;
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
    if (refused || misframed) {
      ReferenceCountUtil.release(message);
      return;
    }
    touched = true;
    if (open == 0 && !readingHead) {
      readingHead = true;
      ticks = 0;
    }
    RequestFraming.Fault fault =
        message instanceof ByteBuf bytes ? framing.follow(bytes, door.scratch()) : null;
    if (fault != null) {
      stopReading(context, (ByteBuf) message, fault);
    } else if (hasRoomForHead()) {
      context.fireChannelRead(message);
    } else {
      ReferenceCountUtil.release(message);
      refuse(503, "Larder holds as many large requests as it has room for; ask again in a moment.");
    }
  }

  private boolean hasRoomForHead() {
    if (!largeHead && framing.headBytes() > LARGE_HEAD_BYTES) {
      largeHead = door.count().enterLargeHead();
      return largeHead;
    }
    return true;
  }

  private void forgetHead() {
    if (largeHead) {
      largeHead = false;
      door.count().leaveLargeHead();
    }
  }

  /** The requests before the fault are answered; the one with it ends the connection. */
  private void stopReading(
      ChannelHandlerContext context, ByteBuf bytes, RequestFraming.Fault fault) {
    misframed = true;
    ByteBuf good = bytes.readRetainedSlice(framing.goodBytes());
    bytes.release();
    if (good.isReadable()) {
      context.fireChannelRead(good);
    } else {
      good.release();
    }
    if (open == 0 || framing.insideBody()) {
      refuse(fault.status(), fault.why());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    door.forget(this);
    forgetHead();
    context.fireChannelInactive();
    // After the others: whatever was still to be written has failed by now, so nothing reads a
    // file.
    whenGone.getAndSet(NOTHING).run();
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
      closeAfter(guest ? limits.head() : limits.idle());
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
      door.refusals().cut(peer());
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
    door.refusals().refused(peer(), status, why);
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

  /** Whether its client has not taken all that was sent. On its event loop. */
  boolean isBehind() {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    return pending != null && pending.totalPendingWriteBytes() > 0;
  }

  /** As {@link #whenGone}, for any number of them; run what is answered to take it back. */
  Runnable whenClosed(Runnable action) {
    ChannelFutureListener listener = _ -> action.run();
    channel.closeFuture().addListener(listener);
    return () -> channel.closeFuture().removeListener(listener);
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

  /** See {@link Request#peer}. Any thread. */
  String peer() {
    String known = peer;
    if (known == null) {
      known = peer(channel.remoteAddress());
      peer = known;
    }
    return known;
  }

  private static String peer(@Nullable SocketAddress remote) {
    if (!(remote instanceof InetSocketAddress address) || address.getAddress() == null) {
      return "unknown";
    }
    if (address.getAddress() instanceof Inet4Address four) {
      return four.getHostAddress();
    }
    ShortBuffer parts = ByteBuffer.wrap(address.getAddress().getAddress()).asShortBuffer();
    return "%x:%x:%x:%x::/64".formatted(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
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
