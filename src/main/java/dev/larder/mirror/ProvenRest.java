package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.upstream.ForwardingBody;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;
import java.security.MessageDigest;

/**
 * The rest of a file from some byte on, for a client that has what lies before. It can only be
 * verified with the whole file, which comes beside it and is hashed, not kept: this one is given at
 * the pace of that one, so that its client is never left without a byte for long, and ends when
 * both are the same and right.
 */
final class ProvenRest extends ForwardingBody {
  private static final int PIECE_BYTES = 64 << 10;

  private final RemoteContent.Body whole;
  private final ByteRange rest;
  private final String what;
  private final byte[] piece = new byte[PIECE_BYTES];
  private final MessageDigest restOfWhole = Proof.sha256();
  private final MessageDigest given = Proof.sha256();
  private long wholeAt;
  private long at;

  /** {@code whole} is a {@link ProvenBody}; {@code body} is to be {@code rest}, to its end. */
  ProvenRest(RemoteContent.Body body, ByteRange rest, RemoteContent.Body whole, String what) {
    super(body);
    this.whole = whole;
    this.rest = rest;
    this.what = what;
    this.at = rest.start();
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (at == rest.end()) {
      return -1;
    }
    while (allowed() == at) {
      readWhole();
    }
    int got = super.read(target, offset, (int) Math.min(length, allowed() - at));
    if (got < 0) {
      throw new UpstreamException.UpstreamUnreachable(
          what + " ended before its last byte.", false, null);
    }
    given.update(target, offset, got);
    at += got;
    if (at == rest.end() && !MessageDigest.isEqual(given.digest(), restOfWhole.digest())) {
      throw Proof.mismatch(what);
    }
    return got;
  }

  /** As far into the rest as the whole file has come, but for the last byte. */
  private long allowed() {
    if (wholeAt == rest.end()) {
      return rest.end();
    }
    double share = (double) wholeAt / rest.end();
    return Math.min(rest.end() - 1, rest.start() + (long) (share * rest.length()));
  }

  private void readWhole() {
    int got = whole.read(piece, 0, piece.length);
    if (got < 0) {
      throw Proof.mismatch(what);
    }
    long before = Math.clamp(rest.start() - wholeAt, 0, got);
    restOfWhole.update(piece, (int) before, got - (int) before);
    wholeAt += got;
  }

  @Override
  public void close() {
    try (whole) {
      super.close();
    }
  }
}
