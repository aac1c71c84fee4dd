package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** git-lfs, unchanged, in clones whose {@code lfs.url} is Larder's. */
class GitLfsIT {
  private static final String REPO = "demo/large";

  @TempDir private Path scratch;

  private final Map<String, byte[]> files = new TreeMap<>();

  @BeforeEach
  void needGitLfs() {
    RealClients.needTool("git");
    RealClients.needTool("git-lfs");
    Random random = new Random(20_261_123);
    files.put("model.safetensors", FilledHub.bytes(random, 3_000_000));
    files.put("sub dir/other.safetensors", FilledHub.bytes(random, 200_000));
  }

  @Test
  void pull_coldWarmAndWithoutTheHub_fillsTheClone() throws Exception {
    try (FakeHub hub = FakeHub.start();
        LarderProcess larder = LarderProcess.start(scratch, hub)) {
      FakeRepo repo = hub.model(REPO);
      files.forEach(repo::lfs);
      repo.commit("main");
      Path origin = repoOfPointers();

      pull(larder, origin, "first");
      long bytes = files.values().stream().mapToLong(file -> file.length).sum();
      assertThat(hub.fileBytesSent()).isEqualTo(bytes);
      hub.clearLog();
      pull(larder, origin, "second");
      assertThat(FilledHub.asked(hub)).isEmpty();
      hub.away();
      pull(larder, origin, "third");
    }
  }

  /** What git has of the repo: nothing of its large files but their pointers. */
  private Path repoOfPointers() throws Exception {
    Path origin = Files.createDirectories(scratch.resolve("origin"));
    git(origin, "init", "--quiet", "--initial-branch=main");
    Files.writeString(
        origin.resolve(".gitattributes"), "*.safetensors filter=lfs diff=lfs merge=lfs -text\n");
    for (var file : files.entrySet()) {
      Path path = origin.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(
          path,
          "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
              .formatted(FilledHub.sha256(file.getValue()), file.getValue().length));
    }
    git(origin, "add", "--all");
    git(origin, "commit", "--quiet", "--message=Add the model");
    return origin;
  }

  /** As a user with a fresh clone does. */
  private void pull(LarderProcess larder, Path origin, String user) throws Exception {
    Path clone = scratch.resolve(user);
    git(scratch, "clone", "--quiet", origin.toUri().toString(), clone.toString());
    git(clone, "config", "lfs.url", larder.endpoint() + "/" + REPO + ".git/info/lfs");
    git(clone, "lfs", "install", "--local");

    git(clone, "lfs", "pull");

    files.forEach((path, bytes) -> assertThat(clone.resolve(path)).hasBinaryContent(bytes));
  }

  /** With no settings but those of the clone; it never asks at a terminal. */
  private void git(Path folder, String... arguments) throws Exception {
    Map<String, String> environment =
        Map.of(
            "HOME", scratch.toString(),
            "GIT_CONFIG_NOSYSTEM", "1",
            "GIT_TERMINAL_PROMPT", "0",
            "GIT_AUTHOR_NAME", "a",
            "GIT_AUTHOR_EMAIL", "a@localhost",
            "GIT_COMMITTER_NAME", "a",
            "GIT_COMMITTER_EMAIL", "a@localhost");
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Client.startIn(folder, environment, command).said().well();
  }
}
