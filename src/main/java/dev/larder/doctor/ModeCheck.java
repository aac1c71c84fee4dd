package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What other users of this machine may do with a location and read of its secrets. */
final class ModeCheck implements Check {
  private static final int PRIVATE_DIRECTORY = 0700;
  private static final int OTHERS_WRITE = 0002;
  private static final int STICKY = 01000;

  @Override
  public String subject() {
    return "modes";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    larder(scene, findings);
    for (Path directory : List.of(scene.home(), scene.hub())) {
      worldWritable(directory, findings);
    }
    for (String name : List.of("access.key", "catalog.db", "LOCK")) {
      SecretCheck.ours(scene, scene.larder().resolve(name), findings);
    }
    return findings;
  }

  private static void larder(Scene scene, List<Finding> into) throws IOException {
    Path larder = scene.larder();
    if (!Files.isDirectory(larder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Owners found = Owners.of(larder);
    String what = "%s has mode %s.".formatted(larder, found.shownMode());
    String mend = "chmod 700 " + Shell.quoted(larder);
    if (found.allows(Owners.OTHERS)) {
      into.add(
          Finding.of(
              Code.LARDER_OPEN,
              what,
              mend,
              () -> SecretCheck.closed(scene, larder, PRIVATE_DIRECTORY)));
    } else if (found.allows(Owners.GROUP)) {
      into.add(Finding.of(Code.LARDER_OPEN_TO_GROUP, what, mend));
    }
  }

  private static void worldWritable(Path directory, List<Finding> into) throws IOException {
    if (Files.isDirectory(directory)) {
      Owners found = Owners.of(directory.toRealPath());
      if (found.allows(OTHERS_WRITE) && !found.allows(STICKY)) {
        into.add(
            Finding.of(
                Code.WORLD_WRITABLE,
                "%s has mode %s.".formatted(directory, found.shownMode()),
                "chmod o-w " + Shell.quoted(directory)));
      }
    }
  }
}
