package dev.larder.doctor;

import dev.larder.store.StoreLock.Owner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the server that owns the store goes by what is set here. */
final class ServerCheck implements Check {
  @Override
  public String subject() {
    return "the running server";
  }

  @Override
  public List<Finding> look(Scene scene) {
    Owner owner = scene.server().orElse(null);
    if (owner == null) {
      return List.of();
    }
    Optional<Map<String, String>> settings = scene.machine().servers().settings(owner);
    if (settings.isEmpty()) {
      return List.of(silent(scene, owner));
    }
    List<String> overruled = scene.settings().overruled(settings.get());
    return overruled.isEmpty()
        ? List.of()
        : List.of(
            Finding.of(
                Code.SERVER_DIFFERS,
                "%s was told otherwise than is set here: %s."
                    .formatted(capital(owner.toString()), String.join(", ", overruled)),
                mend(overruled)));
  }

  static Finding silent(Scene scene, Owner owner) {
    Path lock = scene.larder().resolve("LOCK");
    return Finding.of(
        Code.SERVER_SILENT,
        "%s names %s, which does not answer.".formatted(lock, owner),
        // Never by its number, which may be that of another process here.
        "fuser -v " + Shell.quoted(lock));
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String mend(List<String> overruled) {
    return overruled.stream()
        .map(each -> Shell.remove(each.substring(0, each.indexOf(' ')), each))
        .distinct()
        .reduce((one, other) -> one + "; " + other)
        .orElse("");
  }
}
