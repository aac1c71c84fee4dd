package dev.larder.doctor;

import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.Problem;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.ReadOnlyBlobStore;
import dev.larder.store.StoreException.StoreReadOnly;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What reading the tree's names and links shows; only {@code verify} reads the files as well. */
final class TreeCheck implements Check {
  private static final String REPAIR = "larder verify --repair";

  @Override
  public String subject() {
    return "refs and links";
  }

  @Override
  public List<Finding> look(Scene scene) {
    if (!Files.isDirectory(scene.hub()) || !Files.isReadable(scene.hub())) {
      return List.of();
    }
    var looksOnly = new StoreReadOnly("This only looks.", false, null);
    HubTree tree =
        LocalHubTree.open(
            scene.hub(),
            scene.disk(),
            new ReadOnlyBlobStore(scene.larder(), scene.disk(), looksOnly));
    Map<Problem.Kind, List<String>> problems = new EnumMap<>(Problem.Kind.class);
    List<FoundRepo> repos =
        tree.scan().stream().filter(repo -> !begins(scene, repo.folder())).toList();
    for (FoundRepo repo : repos) {
      for (Problem problem : repo.problems()) {
        problems
            .computeIfAbsent(problem.kind(), _ -> new ArrayList<>())
            .add(repo.repo() + ": " + withoutEnd(problem.text()));
      }
    }
    return problems.entrySet().stream()
        .map(each -> finding(scene, each.getKey(), each.getValue()))
        .toList();
  }

  /** Whether its first file is on its way: snapshots come last. */
  private static boolean begins(Scene scene, Path folder) {
    return Files.notExists(folder.resolve("snapshots"))
        && scene.stat(folder).filter(stat -> !new PythonDownloads(scene).quiet(stat)).isPresent();
  }

  private static String withoutEnd(String sentence) {
    return sentence.replaceAll("\\.$", "");
  }

  private static Finding finding(Scene scene, Problem.Kind kind, List<String> texts) {
    String some = Shell.some(texts);
    int count = texts.size();
    return switch (kind) {
      case REF ->
          Finding.of(
              Code.TORN_REF,
              "%s no snapshot: %s."
                  .formatted(count == 1 ? "A ref names" : count + " refs name", some),
              REPAIR);
      case LINK ->
          Finding.of(
              Code.DANGLING_LINK,
              "%s wrong: %s.".formatted(count == 1 ? "A link is" : count + " links are", some),
              REPAIR);
      case STRAY ->
          Finding.of(
              Code.STRAY_FILE,
              "Something does not belong there: %s.".formatted(some),
              "larder verify");
      case UNREADABLE ->
          Finding.of(
              Code.TREE_UNREADABLE,
              "Something may not be read by this user: %s.".formatted(some),
              Owners.take(scene, scene.hub()));
    };
  }
}
