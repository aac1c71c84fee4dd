package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.EngineException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pictures made larger and smaller. The sums are those of what Pillow 9.4.0 made of the same
 * picture: {@code sha256(Image.frombytes("RGB", (w, h), …).resize((tw, th), resample=n))}.
 */
class ResamplerTest {
  @ParameterizedTest
  @CsvSource({
    "NEAREST,61,47,16,24,43a7e99c58b91ad4",
    "NEAREST,20,30,33,47,dbac4711625c0c83",
    "NEAREST,64,64,8,64,0b92f4f8ae2e9249",
    "LANCZOS,61,47,16,24,0824b6673dfc5654",
    "LANCZOS,20,30,33,47,e90c0cc2bf54d40b",
    "LANCZOS,64,64,8,64,918d84d8ef24cfad",
    "BILINEAR,61,47,16,24,7ed07b3bfc460543",
    "BILINEAR,20,30,33,47,94e30e081e3de375",
    "BILINEAR,64,64,8,64,a08bd783efd4f40c",
    "BICUBIC,61,47,16,24,e71ce82a953a710c",
    "BICUBIC,20,30,33,47,cbfbe44ff6c7924a",
    "BICUBIC,64,64,8,64,c2e13287c84e9e3c",
    "BOX,61,47,16,24,27465d4f4e6174c4",
    "BOX,20,30,33,47,1816799100abab2b",
    "BOX,64,64,8,64,2eb26ca699281544",
    "HAMMING,61,47,16,24,cc38d787359fc9b1",
    "HAMMING,20,30,33,47,0d335990b4b43eb5",
    "HAMMING,64,64,8,64,39b7486d38221024"
  })
  void resize_byEachFilter_isWhatPillowMakes(
      Resampler resampler, int width, int height, int toWidth, int toHeight, String sum)
      throws Exception {
    Picture made = resampler.resize(picture(width, height), toWidth, toHeight);

    byte[] digest = MessageDigest.getInstance("SHA-256").digest(made.rgb());
    assertThat(HexFormat.of().formatHex(digest)).startsWith(sum);
  }

  private static Picture picture(int width, int height) {
    Picture picture = Picture.blank(width, height);
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.rgb()[to++] = (byte) (x * 7 + y * 13);
        picture.rgb()[to++] = (byte) (x * x + y * 3);
        picture.rgb()[to++] = (byte) (x * y);
      }
    }
    return picture;
  }

  @Test
  void resize_ofAThread_isRefused() {
    assertThatThrownBy(() -> Resampler.BICUBIC.resize(Picture.blank(1, 4_000_000), 224, 224))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessageContaining("1 x 4000000");
  }
}
