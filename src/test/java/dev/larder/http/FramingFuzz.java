package dev.larder.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Requests: judged the same however the network cuts them. */
public final class FramingFuzz {
  private static final byte[] SCRATCH = new byte[RequestFraming.SCRATCH_BYTES];

  private FramingFuzz() {}

  private record Verdict(int status, int goodBytes, boolean insideHead, boolean insideBody) {}

  public static void fuzzerTestOneInput(byte[] input) {
    Verdict whole = follow(input, Math.max(1, input.length));
    for (int piece : new int[] {1, 2, 7}) {
      Verdict cut = follow(input, piece);
      if (!cut.equals(whole)) {
        throw new IllegalStateException(whole + " in pieces of " + piece + " is " + cut);
      }
    }
  }

  private static Verdict follow(byte[] input, int piece) {
    RequestFraming framing = new RequestFraming();
    int good = 0;
    for (int at = 0; at < input.length; at += piece) {
      ByteBuf bytes = Unpooled.wrappedBuffer(input, at, Math.min(piece, input.length - at));
      RequestFraming.@Nullable Fault fault = framing.follow(bytes, SCRATCH);
      if (framing.goodBytes() > 0) {
        good = at + framing.goodBytes();
      }
      if (fault != null) {
        return new Verdict(fault.status(), good, false, false);
      }
    }
    return new Verdict(0, good, framing.insideHead(), framing.insideBody());
  }
}
