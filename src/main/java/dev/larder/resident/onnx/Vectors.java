package dev.larder.resident.onnx;

/** Arithmetic on vectors. */
final class Vectors {
  private Vectors() {}

  /** Makes it one long, in place. One of zeros stays. */
  static void normalize(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    if (squares > 0) {
      double length = Math.sqrt(squares);
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (vector[i] / length);
      }
    }
  }
}
