package dev.larder.resident.onnx;

import dev.larder.resident.Tensor;
import java.util.Optional;

/**
 * What is done to a picture before a model sees it, in the order of Hugging Face's image
 * processors.
 *
 * @param crop what is kept of the middle, filled up with black where the picture is smaller
 * @param factor the numbers from 0 to 255 times this
 * @param mean for each colour, taken away after that
 * @param deviation for each colour, what is left is divided by it
 * @param blueFirst whether the colours go in the other order
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record ImageSettings(
    Optional<Resize> resize,
    Resampler resampler,
    Optional<Size> crop,
    double factor,
    double[] mean,
    double[] deviation,
    boolean blueFirst) {
  record Size(int width, int height) {}

  /** To which size a picture is brought. */
  sealed interface Resize {
    Size of(int width, int height);
  }

  /** Whatever it had. */
  record Exactly(Size size) implements Resize {
    @Override
    public Size of(int width, int height) {
      return size;
    }
  }

  /** The shorter edge to so many pixels, the longer one in proportion, cut off as Python does. */
  record ShortestEdge(int pixels, Optional<Integer> longest) implements Resize {
    @Override
    public Size of(int width, int height) {
      int shorter = Math.min(width, height);
      long edge = pixels;
      long other = (long) pixels * Math.max(width, height) / shorter;
      if (longest.isPresent() && other > longest.get()) {
        edge = Math.max(1, (long) longest.get() * edge / other);
        other = longest.get();
      }
      int most = (int) Math.min(other, Integer.MAX_VALUE);
      return width <= height ? new Size((int) edge, most) : new Size(most, (int) edge);
    }
  }

  /** A long and narrow picture can become many times as large. */
  private Picture resized(Picture picture, Size size) {
    Pictures.check(size.width(), size.height());
    return resampler.resize(picture, size.width(), size.height());
  }

  /** The input of the model: one picture, all numbers of one colour together. */
  Tensor.Floats prepare(Picture picture) {
    Picture sized =
        resize
            .map(resize -> resize.of(picture.width(), picture.height()))
            .map(size -> resized(picture, size))
            .orElse(picture);
    Size kept = crop.orElse(new Size(sized.width(), sized.height()));
    int top = Math.floorDiv(sized.height() - kept.height(), 2);
    int left = Math.floorDiv(sized.width() - kept.width(), 2);
    float[] values = new float[Picture.BANDS * kept.height() * kept.width()];
    int to = 0;
    for (int color = 0; color < Picture.BANDS; color++) {
      int band = blueFirst ? Picture.BANDS - 1 - color : color;
      for (int y = 0; y < kept.height(); y++) {
        for (int x = 0; x < kept.width(); x++) {
          double value = sized.at(top + y, left + x, band) * factor;
          values[to++] = (float) ((value - mean[color]) / deviation[color]);
        }
      }
    }
    return new Tensor.Floats(values, 1, Picture.BANDS, kept.height(), kept.width());
  }
}
