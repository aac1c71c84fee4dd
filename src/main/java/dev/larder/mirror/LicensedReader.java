package dev.larder.mirror;

import dev.larder.transfer.FlightReader;
import dev.larder.transfer.ForwardingReader;

/**
 * Gives bytes piece by piece, each only while its caller may have them: whoever takes them slowly
 * is looked at between two pieces.
 */
final class LicensedReader extends ForwardingReader {
  /** What goes out at once; so much may still be on its way when the right ends. */
  static final long PIECE_BYTES = 4 << 20;

  private final Licence licence;

  LicensedReader(FlightReader reader, Licence licence) {
    super(reader);
    this.licence = licence;
  }

  @Override
  public long awaitReadable(long position) {
    long end = super.awaitReadable(position);
    if (position > range().start()) { // The first piece was judged with the request.
      licence.check();
    }
    return Math.min(end, position + PIECE_BYTES);
  }
}
