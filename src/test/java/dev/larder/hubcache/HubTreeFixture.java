package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.MemoryLedger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A cache directory and a store beside it. */
abstract class HubTreeFixture {
  static final RepoId REPO = RepoId.model("o/ok");
  static final Commit COMMIT = new Commit("0123456789".repeat(4));
  static final Commit OTHER = new Commit("f".repeat(40));
  static final EntryPath CONFIG = new EntryPath("config.json");

  @TempDir Path directory;
  Path hub;
  Path folder;
  BlobStore store;
  HubTree tree;

  @BeforeEach
  void openTree() throws IOException {
    hub = directory.resolve("hub");
    folder = hub.resolve("models--o--ok");
    store =
        LocalBlobStore.open(
            directory.resolve("larder"),
            LocalDisk.fenced(hub),
            new MemoryLedger(),
            StoreLimits.none(),
            InstantSource.system());
    tree = LocalHubTree.open(hub, LocalDisk.fenced(hub), store);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  /** Bytes, what they hash to, and what git calls them. */
  record Sample(byte[] bytes, Digest digest, GitBlobId gitId) {}

  Sample sample(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var sha1 = GitBlobId.hasher(bytes.length);
    return new Sample(bytes, add(bytes), GitBlobId.of(sha1.digest(bytes)));
  }

  private Digest add(byte[] bytes) {
    try (StagedBlob staged = store.stage(Bytes.digest(bytes), bytes.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(bytes));
      return staged.commit();
    }
  }

  Path blob(String hex) {
    return folder.resolve("blobs").resolve(hex);
  }

  Path snapshot(String path) {
    return folder.resolve("snapshots").resolve(COMMIT.hex()).resolve(path);
  }

  static Path put(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  static Path link(Path name, String text) throws IOException {
    Files.createDirectories(name.getParent());
    return Files.createSymbolicLink(name, Path.of(text));
  }
}
