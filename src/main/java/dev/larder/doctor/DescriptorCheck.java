package dev.larder.doctor;

import java.util.List;

/** Whether this process may have enough files and sockets open. */
final class DescriptorCheck implements Check {
  /** A usual system allows as many, and a small site needs no more. */
  private static final long ENOUGH = 4096;

  @Override
  public String subject() {
    return "open files";
  }

  @Override
  public List<Finding> look(Scene scene) {
    return scene.process().mostFiles().stream()
        .filter(most -> most < ENOUGH)
        .mapToObj(
            most ->
                Finding.of(
                    Code.FEW_DESCRIPTORS,
                    "This user's processes may have %d files open at most.".formatted(most),
                    "sudo prlimit --nofile=20000:20000 --pid $$"))
        .toList();
  }
}
