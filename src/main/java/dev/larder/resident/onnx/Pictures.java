package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads picture files as Pillow's {@code convert("RGB")} gives them: the numbers of the file as
 * they are, without its colour profile; grey three times; transparency left out; 16 bits cut to the
 * upper 8; not turned.
 */
final class Pictures {
  /** What all pictures may take while they are read: the heap has other uses. */
  private static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 3;

  /** Decoded in four bands, and copied in three. */
  private static final int BYTES_OF_PIXEL = 8;

  private static final long MOST_PIXELS = Math.min(64L << 20, MOST_BYTES / BYTES_OF_PIXEL);
  private static final Semaphore ROOM_KIB =
      new Semaphore((int) Math.min(Integer.MAX_VALUE, MOST_BYTES >> 10), true);
  private static final Set<String> TAKEN = Set.of("png", "jpeg");

  private Pictures() {}

  /**
   * What {@code work} makes of a picture. Waits while others are read that leave no memory for it.
   * Throws {@link EngineException.BadInput} for what is no picture, or too large.
   */
  static <T> T use(byte[] file, Function<Picture, T> work) {
    int kib = Math.toIntExact((pixels(file) * BYTES_OF_PIXEL >> 10) + 1);
    ROOM_KIB.acquireUninterruptibly(kib);
    try {
      return work.apply(read(file));
    } finally {
      ROOM_KIB.release(kib);
    }
  }

  /** Of what was found small enough. */
  private static long pixels(byte[] file) {
    return with(file, reader -> (long) reader.getWidth(0) * reader.getHeight(0));
  }

  /** As {@link #use}, without regard to others. */
  static Picture read(byte[] file) {
    return with(file, reader -> picture(reader.read(0)));
  }

  private interface Reading<T> {
    T of(ImageReader reader) throws IOException;
  }

  private static <T> T with(byte[] file, Reading<T> reading) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      ImageReader reader = reader(in);
      try {
        reader.setInput(in, true, true);
        check(reader.getWidth(0), reader.getHeight(0));
        return reading.of(reader);
      } finally {
        reader.dispose();
      }
    } catch (EngineException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The readers of the JDK answer damaged files with whatever they stumble over.
      throw new EngineException.BadInput(
          "The picture cannot be read: "
              + e.getMessage()
              + ". Taken are PNG and JPEG, in RGB or grey.",
          e);
    } catch (OutOfMemoryError e) {
      throw new EngineException.NoMemory("There is not enough memory to read the picture.", e);
    }
  }

  private static ImageReader reader(ImageInputStream in) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (TAKEN.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
        return reader;
      }
      reader.dispose();
    }
    throw new EngineException.BadInput(
        "The picture is neither a PNG nor a JPEG file, and no other is taken.", null);
  }

  /** Throws {@link EngineException.BadInput} for more pixels than there may be. */
  static void check(int width, int height) {
    if ((long) width * height > MOST_PIXELS) {
      throw new EngineException.BadInput(
          "The picture has %d x %d pixels; at most %d million are taken."
              .formatted(width, height, MOST_PIXELS >> 20),
          null);
    }
  }

  private static Picture picture(BufferedImage image) {
    return image.getColorModel() instanceof IndexColorModel colors
        ? indexed(image.getRaster(), colors)
        : direct(image.getRaster());
  }

  private static Picture indexed(Raster raster, IndexColorModel colors) {
    Picture picture = Picture.blank(raster.getWidth(), raster.getHeight());
    byte[] rgb = picture.rgb();
    int[] row = new int[raster.getWidth()];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, 0, row);
      for (int index : row) {
        rgb[to++] = (byte) colors.getRed(index);
        rgb[to++] = (byte) colors.getGreen(index);
        rgb[to++] = (byte) colors.getBlue(index);
      }
    }
    return picture;
  }

  /** One or two bands are grey, perhaps with transparency; three or four are colours. */
  private static Picture direct(Raster raster) {
    Picture picture = Picture.blank(raster.getWidth(), raster.getHeight());
    byte[] rgb = picture.rgb();
    int[] row = new int[raster.getWidth()];
    boolean grey = raster.getNumBands() < Picture.BANDS;
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int band = 0; band < Picture.BANDS; band++) {
        int from = grey ? 0 : band;
        int extra = Math.max(0, raster.getSampleModel().getSampleSize(from) - Byte.SIZE);
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, from, row);
        int to = y * row.length * Picture.BANDS + band;
        for (int sample : row) {
          rgb[to] = (byte) (sample >>> extra);
          to += Picture.BANDS;
        }
      }
    }
    return picture;
  }
}
