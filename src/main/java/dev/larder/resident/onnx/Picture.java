package dev.larder.resident.onnx;

/** 8 bits each of red, green and blue for each pixel, row by row. */
@SuppressWarnings("ArrayRecordComponent") // Megabytes; nobody compares them.
record Picture(int width, int height, byte[] rgb) {
  static final int BANDS = 3;

  Picture {
    if (rgb.length != Math.multiplyExact(Math.multiplyExact(width, height), BANDS)) {
      throw new IllegalArgumentException(
          "%d bytes for %d x %d".formatted(rgb.length, width, height));
    }
  }

  /** A dark one, of any size. */
  static Picture blank(int width, int height) {
    return new Picture(width, height, new byte[width * height * BANDS]);
  }

  /** Of a band, or 0 outside of the picture. */
  int at(int row, int column, int band) {
    boolean inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? rgb[(row * width + column) * BANDS + band] & 0xFF : 0;
  }
}
