package dev.larder.store;

import dev.larder.content.Digest;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** One holder of a {@link PublishedBlob}. */
final class LocalBlobLease implements BlobLease {
  private final PublishedBlob blob;
  private final FileChannel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** {@code blob} was acquired for it. */
  LocalBlobLease(PublishedBlob blob, FileChannel channel) {
    this.blob = blob;
    this.channel = channel;
  }

  @Override
  public Digest digest() {
    return blob.digest();
  }

  @Override
  public long sizeBytes() {
    return blob.sizeBytes();
  }

  @Override
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      blob.release();
    }
  }
}
