package dev.larder.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The inputs that are kept, and the same changes of them in every run. {@link FuzzCampaign} looks
 * for new ones.
 */
@Timeout(120)
class FuzzTest {
  private static final long SEED = 20261121;
  private static final int CHANGED = 10_000;
  private static final int MOST_CHANGES = 4;
  private static final int LONGEST = 20_000;

  /** What parsers look for. */
  private static final byte[] TELLING =
      "\r\n\0 \t/\\.%:;,=-+?#&\"0129afAFxX*\u007f\u0080\u00c3\u00ff"
          .getBytes(StandardCharsets.ISO_8859_1);

  @ParameterizedTest
  @EnumSource
  void input_whateverItIs_isReadOrRefused(FuzzTargets target) {
    List<byte[]> inputs = target.inputs();
    inputs.forEach(input -> read(target, input));
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < CHANGED; i++) {
      byte[] input = any(random, inputs);
      for (int change = random.nextInt(1, MOST_CHANGES + 1); change > 0; change--) {
        input = changed(random, input, inputs);
      }
      read(target, input);
    }
  }

  private static void read(FuzzTargets target, byte[] input) {
    try {
      target.read(input);
    } catch (Exception | StackOverflowError e) {
      String shown = new String(input, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
      throw new AssertionError(
          "%s: %s (%s)".formatted(target, shown, java.util.HexFormat.of().formatHex(input)), e);
    }
  }

  private static byte[] any(SplittableRandom random, List<byte[]> inputs) {
    return inputs.get(random.nextInt(inputs.size()));
  }

  private static byte[] changed(SplittableRandom random, byte[] input, List<byte[]> inputs) {
    int from = random.nextInt(input.length + 1);
    int to = random.nextInt(from, input.length + 1);
    return switch (random.nextInt(6)) {
      case 0 -> spliced(input, from, from, new byte[] {telling(random)});
      case 1 ->
          spliced(input, from, Math.min(from + 1, input.length), new byte[] {telling(random)});
      case 2 -> spliced(input, from, to, new byte[0]);
      case 3 -> spliced(input, to, to, java.util.Arrays.copyOfRange(input, from, to));
      case 4 -> spliced(input, from, to, any(random, inputs));
      default -> spliced(input, from, from, new byte[] {(byte) random.nextInt(256)});
    };
  }

  private static byte telling(SplittableRandom random) {
    return TELLING[random.nextInt(TELLING.length)];
  }

  /** {@code [from, to)} gives way to {@code other}. */
  private static byte[] spliced(byte[] input, int from, int to, byte[] other) {
    int length = Math.min(LONGEST, input.length - (to - from) + other.length);
    byte[] result = java.util.Arrays.copyOf(input, length);
    if (from < length) {
      int middle = Math.min(other.length, length - from);
      System.arraycopy(other, 0, result, from, middle);
      int rest = Math.min(input.length - to, length - from - middle);
      System.arraycopy(input, to, result, from + middle, rest);
    }
    return result;
  }
}
