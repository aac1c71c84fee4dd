package dev.larder.resident.onnx;

import java.util.List;

/**
 * What has to be known of an ONNX file before it is loaded.
 *
 * @param external what lies in other files
 * @param quantizesInputs whether it rounds its activations to 8 bits by their range over a whole
 *     batch, so that the result for one text depends on the others that run with it
 */
record ModelOutline(List<External> external, boolean quantizesInputs) {
  ModelOutline {
    external = List.copyOf(external);
  }

  /**
   * A tensor's bytes in another file.
   *
   * @param location as the model says, unchecked
   * @param endBytes so long the other file is at least
   */
  record External(String location, long endBytes) {}
}
