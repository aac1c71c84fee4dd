package dev.larder.mirror;

import dev.larder.upstream.ForwardingBody;
import dev.larder.upstream.RemoteContent;

/** Passes bytes on, and looks between pieces whether their caller may still have them. */
final class LicensedBody extends ForwardingBody {
  private final Licence licence;
  private long given;

  LicensedBody(RemoteContent.Body body, Licence licence) {
    super(body);
    this.licence = licence;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    int count = super.read(target, offset, length);
    if (count > 0
        && given / LicensedReader.PIECE_BYTES != (given + count) / LicensedReader.PIECE_BYTES) {
      licence.check();
    }
    given += Math.max(count, 0);
    return count;
  }
}
