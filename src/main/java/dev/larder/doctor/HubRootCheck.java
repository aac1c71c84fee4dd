package dev.larder.doctor;

import dev.larder.hubcache.CacheTag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What lies in the cache directory beside repos. */
final class HubRootCheck implements Check {
  @Override
  public String subject() {
    return "the cache directory";
  }

  @Override
  public List<Finding> look(Scene scene) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Path hub = scene.hub();
    if (!Places.repos(hub).isEmpty() && CacheTag.isMissing(hub, scene.disk())) {
      findings.add(
          Finding.of(
              Code.TAG_MISSING,
              "%s has no CACHEDIR.TAG.".formatted(hub),
              "larder doctor --fix",
              () -> tag(scene)));
    }
    Path marker = hub.resolve("blobs").resolve(".huggingface-shared-blobs");
    if (Files.exists(marker)) {
      findings.add(
          Finding.of(
              Code.SHARED_BLOBS,
              "%s is a store that repos share.".formatted(marker.getParent()),
              Shell.export("HF_HUB_DISABLE_SHARED_BLOBS", "1")));
    }
    strays(scene, hub, findings);
    return findings;
  }

  /** In a cache directory that is the root too, anything of the user's may lie. */
  private static void strays(Scene scene, Path hub, List<Finding> into) {
    List<Path> strays =
        hub.equals(scene.home())
            ? List.of()
            : Places.in(hub).stream().filter(path -> !Places.belongsIntoHub(path)).toList();
    if (!strays.isEmpty()) {
      into.add(
          Finding.of(
              Code.STRAY_FILE,
              "%s in %s is no repo's: %s."
                  .formatted(Words.count(strays.size(), "name", "names"), hub, Shell.some(strays)),
              strays.size() == 1
                  ? "rm -ri " + Shell.quoted(strays.getFirst())
                  : "ls -lA " + Shell.quoted(hub)));
    }
  }

  private static String tag(Scene scene) throws IOException {
    CacheTag.write(scene.hub(), scene.disk());
    return "written";
  }
}
