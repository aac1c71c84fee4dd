package dev.larder.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What other users of this machine may read of this user's secrets, and what new files allow. */
final class SecretCheck implements Check {
  private static final int PRIVATE = 0600;
  private static final int OTHERS_WRITE = 0002;
  private static final Pattern SECRET =
      Pattern.compile(
          "(?m)^\\s*(?:export\\s+)?(?:LARDER_UPSTREAM_TOKEN|LARDER_ADMIN_TOKEN|HF_TOKEN"
              + "|upstream-token|admin-token)\\s*[=:]\\s*[^\\s#]");

  @Override
  public String subject() {
    return "secrets and umask";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    PythonPaths python = PythonPaths.of(scene);
    for (Path token : List.of(python.token(), python.home().resolve("stored_tokens"))) {
      ours(scene, token, findings);
    }
    for (String name : List.of(".env", "larder.yaml")) {
      Path file = scene.machine().sources().directory().resolve(name);
      if (Files.isReadable(file) && Files.isRegularFile(file) && holdsSecret(file)) {
        secret(scene, file, Owners.OTHERS, false, findings);
      }
    }
    umask(scene, findings);
    return findings;
  }

  /** A file that is nobody's business but this user's. */
  static void ours(Scene scene, Path file, List<Finding> into) throws IOException {
    secret(scene, file, Owners.OTHERS | Owners.GROUP, true, into);
  }

  private static void secret(Scene scene, Path file, int openTo, boolean ours, List<Finding> into)
      throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Owners found = Owners.of(file);
    if (found.allows(openTo)) {
      String what = "%s holds a secret and has mode %s.".formatted(file, found.shownMode());
      String mend = "chmod 600 " + Shell.quoted(file);
      into.add(
          ours
              ? Finding.of(Code.SECRET_OPEN, what, mend, () -> closed(scene, file, PRIVATE))
              : Finding.of(Code.SECRET_OPEN, what, mend));
    }
  }

  static String closed(Scene scene, Path path, int mode) throws IOException {
    scene.disk().chmod(path, mode);
    return "closed to others (mode 0%o)".formatted(mode);
  }

  private static boolean holdsSecret(Path file) throws IOException {
    return SECRET.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).find();
  }

  private static void umask(Scene scene, List<Finding> into) {
    scene
        .process()
        .umask()
        .ifPresent(
            umask -> {
              if ((umask & OTHERS_WRITE) == 0) {
                into.add(
                    Finding.of(
                        Code.UMASK_OPEN,
                        "The umask of this process is 0%03o.".formatted(umask),
                        "umask 022"));
              }
            });
  }
}
