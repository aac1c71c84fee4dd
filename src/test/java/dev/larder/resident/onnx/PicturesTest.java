package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.EngineException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Picture files, good and bad. */
class PicturesTest {
  private static final int COLOR = 0xC86432;

  @Test
  void colors_ofEachKindOfFile_areThoseOfTheFile() throws Exception {
    for (int type :
        new int[] {
          BufferedImage.TYPE_INT_RGB,
          BufferedImage.TYPE_3BYTE_BGR,
          BufferedImage.TYPE_INT_ARGB,
          BufferedImage.TYPE_BYTE_INDEXED
        }) {
      BufferedImage image = new BufferedImage(3, 2, type);
      for (int i = 0; i < 6; i++) {
        // Half transparent where there is such a thing: the colour stays.
        image.setRGB(i % 3, i / 3, 0x80000000 | (i == 0 ? COLOR : 0xFF0000));
      }
      Picture picture = Pictures.read(file(image, "png"));
      assertThat(picture.width()).isEqualTo(3);
      assertThat(picture.height()).isEqualTo(2);
      if (type != BufferedImage.TYPE_BYTE_INDEXED) {
        assertThat(color(picture, 0, 0)).as("type " + type).isEqualTo(COLOR);
      }
      assertThat(color(picture, 1, 2)).as("type " + type).isEqualTo(0xFF0000);
    }
  }

  @Test
  void grey_ofAnyDepth_isThatGreyThreeTimes() throws Exception {
    BufferedImage bytes = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    bytes.getRaster().setSample(1, 0, 0, 100);
    BufferedImage shorts = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    shorts.getRaster().setSample(1, 0, 0, 100 << 8 | 77);

    assertThat(color(Pictures.read(file(bytes, "png")), 0, 1)).isEqualTo(0x646464);
    assertThat(color(Pictures.read(file(bytes, "jpeg")), 0, 1) & 0xF0F0F0).isEqualTo(0x606060);
    assertThat(color(Pictures.read(file(shorts, "png")), 0, 1)).isEqualTo(0x646464);
  }

  @Test
  void jpeg_inColor_isRead() throws Exception {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, COLOR);
    }
    int read = color(Pictures.read(file(image, "jpeg")), 8, 8);

    for (int shift : new int[] {0, 8, 16}) {
      assertThat((read >> shift & 255) - (COLOR >> shift & 255)).isBetween(-4, 4);
    }
  }

  @Test
  void files_thatAreNoPicture_areRefusedWithWhatIsTaken() throws Exception {
    byte[] gif = file(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED), "gif");
    for (byte[] file :
        new byte[][] {{}, gif, "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.UTF_8)}) {
      assertThatThrownBy(() -> Pictures.read(file))
          .isInstanceOf(EngineException.BadInput.class)
          .hasMessageContaining("PNG")
          .hasMessageContaining("JPEG");
    }
  }

  @Test
  void picture_tooLarge_isRefusedByItsHead() throws Exception {
    byte[] png = file(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png");
    ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000); // In the chunk IHDR.

    assertThatThrownBy(() -> Pictures.read(png))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessageMatching(
            "The picture has 100000 x 100000 pixels; at most \\d+ million are taken.");
  }

  @Test
  void files_damagedAnywhere_areReadOrRefused() throws Exception {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
    long seed = 20_261_122;
    Random random = new Random(seed);
    byte[][] files = {file(image, "png"), file(image, "jpeg")};
    for (int round = 0; round < 3000; round++) {
      byte[] file = files[round % 2].clone();
      file[random.nextInt(file.length)] = (byte) random.nextInt(256);
      byte[] cut = round % 3 == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
      try {
        assertThat(Pictures.read(cut).rgb().length).isPositive();
      } catch (EngineException.BadInput e) {
        assertThat(e).as("seed " + seed + ", round " + round).hasMessageContaining("picture");
      }
    }
  }

  private static int color(Picture picture, int row, int column) {
    return picture.at(row, column, 0) << 16
        | picture.at(row, column, 1) << 8
        | picture.at(row, column, 2);
  }

  private static byte[] file(BufferedImage image, String format) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }
}
