package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** The token that {@code hf auth login} wrote, against the one that Larder is given. */
final class TokenCheck implements Check {
  private static final int LONGEST = 4096;

  @Override
  public String subject() {
    return "tokens";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    Path file = PythonPaths.of(scene).token();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !Files.isReadable(file)
        || Files.size(file) > LONGEST) {
      return List.of();
    }
    String stored = Files.readString(file).strip();
    String given = scene.settings().upstreamToken().orElse("");
    if (stored.isEmpty() || stored.equals(given)) {
      return List.of();
    }
    if (given.isEmpty()) {
      return List.of(
          Finding.of(
              Code.TOKEN_NOT_USED,
              "hf auth login left a token in %s, and neither HF_TOKEN nor LARDER_UPSTREAM_TOKEN is set."
                  .formatted(file),
              "export HF_TOKEN=\"$(cat %s)\"".formatted(Shell.quoted(file))));
    }
    return scene.environment().getOrDefault("HF_TOKEN", "").isBlank()
        ? List.of()
        : List.of(
            Finding.of(
                Code.TOKENS_DIFFER,
                "HF_TOKEN is another token than the one in %s.".formatted(file),
                "unset HF_TOKEN"));
  }
}
