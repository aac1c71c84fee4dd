package dev.larder.resident;

import java.util.Arrays;

/**
 * Numbers in a shape, the last dimension closest together. The arrays are the caller's and are not
 * copied.
 */
public sealed interface Tensor {
  /** The kinds of numbers. */
  enum Type {
    FLOAT,
    LONG,
    /** Any other, which cannot be had from here. */
    OTHER
  }

  long[] shape();

  Type type();

  /** 32-bit floating point. */
  @SuppressWarnings("ArrayRecordComponent") // Megabytes; nobody compares them.
  record Floats(float[] values, long... shape) implements Tensor {
    public Floats {
      check(values.length, shape);
    }

    @Override
    public Type type() {
      return Type.FLOAT;
    }
  }

  /** 64-bit integers. */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  record Longs(long[] values, long... shape) implements Tensor {
    public Longs {
      check(values.length, shape);
    }

    @Override
    public Type type() {
      return Type.LONG;
    }
  }

  private static void check(int values, long... shape) {
    long wanted = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (wanted != values) {
      throw new IllegalArgumentException(
          "a tensor of shape %s has %d values, not %d"
              .formatted(Arrays.toString(shape), wanted, values));
    }
  }
}
