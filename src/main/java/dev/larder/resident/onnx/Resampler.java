package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import java.util.function.DoubleUnaryOperator;

/**
 * Makes pictures larger and smaller, to the bit as Pillow does (src/libImaging/Resample.c): rows
 * and then columns, with a filter that grows with the reduction, in whole numbers with 22 bits
 * behind the point, rounded to 8 bits after each. The models were trained on such pictures.
 */
enum Resampler {
  /** In the order of Pillow's numbers for them, from 0. */
  NEAREST(0, x -> 0),
  LANCZOS(3, x -> Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0),
  BILINEAR(1, x -> Math.max(0, 1 - Math.abs(x))),
  BICUBIC(2, x -> cubic(Math.abs(x))),
  BOX(0.5, x -> x > -0.5 && x <= 0.5 ? 1 : 0),
  HAMMING(1, x -> Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x)) : 0);

  private static final int BITS = 22;

  /** What is between rows and columns may be that large, for pictures that are very thin. */
  private static final long MOST_PIXELS = 64L << 20;

  private final double support;

  @SuppressWarnings("ImmutableEnumChecker") // A function without state.
  private final DoubleUnaryOperator filter;

  Resampler(double support, DoubleUnaryOperator filter) {
    this.support = support;
    this.filter = filter;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }

  private static double cubic(double x) {
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  /** Throws {@link EngineException.BadInput} when it would take too much memory. */
  Picture resize(Picture from, int width, int height) {
    if ((long) width * Math.max(from.height(), height) > MOST_PIXELS) {
      throw new EngineException.BadInput(
          "The picture of %d x %d pixels is too thin to be made %d x %d."
              .formatted(from.width(), from.height(), width, height),
          null);
    }
    if (this == NEAREST) {
      return nearest(from, width, height);
    }
    Picture rows = from.width() == width ? from : rows(from, width);
    return from.height() == height ? rows : columns(rows, height);
  }

  private static Picture nearest(Picture from, int width, int height) {
    Picture to = Picture.blank(width, height);
    int[] columns = nearest(from.width(), width);
    int[] rows = nearest(from.height(), height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(
            from.rgb(),
            (rows[y] * from.width() + columns[x]) * Picture.BANDS,
            to.rgb(),
            (y * width + x) * Picture.BANDS,
            Picture.BANDS);
      }
    }
    return to;
  }

  /** Adds up as Pillow does (Geometry.c), since the sums decide where the place is halfway. */
  private static int[] nearest(int fromSize, int toSize) {
    double scale = (double) fromSize / toSize;
    double at = scale * 0.5;
    int[] places = new int[toSize];
    for (int i = 0; i < toSize; i++) {
      places[i] = Math.min((int) at, fromSize - 1);
      at += scale;
    }
    return places;
  }

  private Picture rows(Picture from, int width) {
    Picture to = Picture.blank(width, from.height());
    for (int x = 0; x < width; x++) {
      Weights weights = weights(x, from.width(), width);
      for (int y = 0; y < from.height(); y++) {
        int start = (y * from.width() + weights.first()) * Picture.BANDS;
        weights.sum(from.rgb(), start, Picture.BANDS, to.rgb(), (y * width + x) * Picture.BANDS);
      }
    }
    return to;
  }

  private Picture columns(Picture from, int height) {
    Picture to = Picture.blank(from.width(), height);
    int line = from.width() * Picture.BANDS;
    for (int y = 0; y < height; y++) {
      Weights weights = weights(y, from.height(), height);
      for (int x = 0; x < from.width(); x++) {
        int start = weights.first() * line + x * Picture.BANDS;
        weights.sum(from.rgb(), start, line, to.rgb(), y * line + x * Picture.BANDS);
      }
    }
    return to;
  }

  /** Of the pixels, {@code first} and those after it, that make pixel {@code to}. */
  private Weights weights(int to, int fromSize, int toSize) {
    double scale = (double) fromSize / toSize;
    double stretch = Math.max(scale, 1);
    double reach = support * stretch;
    double center = (to + 0.5) * scale;
    int first = Math.max(0, (int) (center - reach + 0.5));
    int end = Math.min(fromSize, (int) (center + reach + 0.5));
    double[] exact = new double[end - first];
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = filter.applyAsDouble((i + first - center + 0.5) * (1 / stretch));
      sum += exact[i];
    }
    int[] rounded = new int[exact.length];
    for (int i = 0; i < exact.length; i++) {
      double weight = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << BITS);
      rounded[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    return new Weights(first, rounded);
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Weights(int first, int[] of) {
    void sum(byte[] from, int start, int step, byte[] to, int target) {
      for (int band = 0; band < Picture.BANDS; band++) {
        int sum = 1 << (BITS - 1);
        int at = start + band;
        for (int weight : of) {
          sum += (from[at] & 0xFF) * weight;
          at += step;
        }
        to[target + band] = (byte) Math.clamp(sum >> BITS, 0, 255);
      }
    }
  }
}
