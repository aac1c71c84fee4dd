package dev.larder.doctor;

import java.io.IOException;
import java.util.List;

/**
 * One question about this machine. Changes nothing but what it makes itself and takes away again. A
 * failure of its own says that it could not be answered; the others are asked all the same.
 */
interface Check {
  /** What it looks at, as it is listed for people: {@code free space}. */
  String subject();

  List<Finding> look(Scene scene) throws IOException;
}
