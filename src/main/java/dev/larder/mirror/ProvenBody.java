package dev.larder.mirror;

import dev.larder.upstream.ForwardingBody;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;

/**
 * A whole file that is hashed as it passes. The piece that ends it is only given when the hash is
 * right.
 */
final class ProvenBody extends ForwardingBody {
  private final Proof proof;
  private final long sizeBytes;
  private final String what;
  private long at;

  /** {@code body} is to be of {@code sizeBytes}, from the first byte on. */
  ProvenBody(RemoteContent.Body body, Proof proof, long sizeBytes, String what) {
    super(body);
    this.proof = proof;
    this.sizeBytes = sizeBytes;
    this.what = what;
    if (body.totalBytes() >= 0 && body.totalBytes() != sizeBytes) {
      throw otherSize();
    }
  }

  @Override
  public long end() {
    return sizeBytes;
  }

  @Override
  public long totalBytes() {
    return sizeBytes;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    int got = super.read(target, offset, length);
    if (got < 0 ? at < sizeBytes : got > sizeBytes - at) {
      throw otherSize();
    }
    if (got > 0) {
      proof.add(target, offset, got);
      at += got;
      if (at == sizeBytes) {
        proof.check();
      }
    }
    return got;
  }

  private UpstreamException otherSize() {
    return new UpstreamException.UpstreamLied(
        "The upstream sent other than the %d bytes that it announced for %s."
            .formatted(sizeBytes, what));
  }
}
