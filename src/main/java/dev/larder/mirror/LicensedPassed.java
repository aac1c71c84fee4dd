package dev.larder.mirror;

import dev.larder.upstream.huggingface.ForwardingPassed;
import dev.larder.upstream.huggingface.Passed;
import java.io.IOException;
import java.io.OutputStream;

/** Passes an answer on, and looks between pieces whether its caller may still have it. */
final class LicensedPassed extends ForwardingPassed {
  private final Licence licence;

  LicensedPassed(Passed passed, Licence licence) {
    super(passed);
    this.licence = licence;
  }

  @Override
  public void writeTo(OutputStream out) {
    super.writeTo(new Pieces(out, licence));
  }

  private static final class Pieces extends OutputStream {
    private final OutputStream out;
    private final Licence licence;
    private long given;

    Pieces(OutputStream out, Licence licence) {
      this.out = out;
      this.licence = licence;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (given / LicensedReader.PIECE_BYTES != (given + length) / LicensedReader.PIECE_BYTES) {
        licence.check();
      }
      out.write(bytes, offset, length);
      given += length;
    }
  }
}
