package dev.larder.upstream.huggingface;

import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import dev.larder.upstream.Cidr;
import dev.larder.upstream.Credential;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.WireSettings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A hub with one repo, and a client of it. */
final class HubFixture implements AutoCloseable {
  static final RepoId REPO = RepoId.model("org/name");
  static final EntryPath CONFIG = new EntryPath("config.json");
  static final EntryPath MODEL = new EntryPath("sub/model 1.bin");
  static final Duration BUDGET = Duration.ofSeconds(4);
  static final Credential TOKEN = new Credential.Token("hf_canary");
  static final byte[] CONFIG_BYTES = "{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8);
  static final byte[] MODEL_BYTES = new byte[300_000];

  static {
    new Random(7).nextBytes(MODEL_BYTES);
  }

  final FakeHub hub = FakeHub.start();
  final FakeRepo repo = hub.repo(REPO);
  final Commit commit =
      repo.file(CONFIG.value(), CONFIG_BYTES).lfs(MODEL.value(), MODEL_BYTES).commit("main");
  final HubClient client = client(WireSettings.DEFAULT.withOpenTimeout(Duration.ofSeconds(4)));

  HubClient client(WireSettings settings) {
    return HubClient.of(
        hub.uri(),
        List.of(Cidr.parse("127.0.0.0/8")),
        settings,
        Throttle.unlimited(),
        InstantSource.system());
  }

  Found<RemoteEntry> head(EntryPath path) {
    return client.head(REPO, Revision.MAIN, path, Credential.ANONYMOUS, BUDGET);
  }

  RemoteEntry entry(EntryPath path) {
    return here(head(path));
  }

  RemoteContent content(EntryPath path) {
    return content(client, path, Credential.ANONYMOUS);
  }

  RemoteContent content(HubClient asked, EntryPath path, Credential credential) {
    return asked.content(REPO, commit, path, credential, Optional.empty());
  }

  static <T> T here(Found<T> found) {
    return switch (found) {
      case Found.Here<T>(T value) -> value;
      case Found.Not<T>(Found.Refusal reason) -> throw new AssertionError("refused: " + reason);
    };
  }

  static Found.Refusal refusal(Found<?> found) {
    return switch (found) {
      case Found.Here<?>(Object value) -> throw new AssertionError("not refused: " + value);
      case Found.Not<?>(Found.Refusal reason) -> reason;
    };
  }

  static byte[] read(RemoteContent content, @Nullable ByteRange range) {
    try (RemoteContent.Body body = content.open(range, null)) {
      return rest(body);
    }
  }

  static byte[] rest(RemoteContent.Body body) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[10_000];
    for (int got = body.read(part, 0, part.length);
        got >= 0;
        got = body.read(part, 0, part.length)) {
      all.write(part, 0, got);
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    client.close();
    hub.close();
  }
}
