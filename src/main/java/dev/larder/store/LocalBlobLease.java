package dev.larder.store;

import dev.larder.content.Digest;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** One holder of a {@link PublishedBlob}. */
final class LocalBlobLease implements BlobLease {
  private final PublishedBlob blob;
  private final FileChannel channel;
  private final Leasing leasing;
  private final BlobSource source;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** {@code blob} was acquired for it. */
  LocalBlobLease(Leasing leasing, BlobSource source, PublishedBlob blob, FileChannel channel) {
    this.leasing = leasing;
    this.source = source;
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
  public boolean isUnchanged() {
    return leasing.isUnchanged(source, blob);
  }

  @Override
  public boolean isSound() {
    return leasing.isSound(source, blob);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      blob.release();
    }
  }
}
