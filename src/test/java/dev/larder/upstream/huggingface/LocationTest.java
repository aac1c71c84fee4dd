package dev.larder.upstream.huggingface;

import static dev.larder.upstream.huggingface.HubFixture.MODEL;
import static dev.larder.upstream.huggingface.HubFixture.MODEL_BYTES;
import static dev.larder.upstream.huggingface.HubFixture.REPO;
import static dev.larder.upstream.huggingface.HubFixture.TOKEN;
import static dev.larder.upstream.huggingface.HubFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.testing.HubRequest;
import dev.larder.upstream.Credential;
import dev.larder.upstream.RemoteContent;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the hub said of where a file's bytes lie when it described the file. */
class LocationTest {
  private final HubFixture fixture = new HubFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<String> asked() {
    return fixture.hub.requests().stream().map(r -> r.server() + " " + r.method()).toList();
  }

  private RemoteContent content(RemoteEntry entry, Credential caller) {
    return content(REPO, entry.commit(), MODEL, caller, entry);
  }

  private RemoteContent content(
      RepoId repo, Commit commit, EntryPath path, Credential caller, RemoteEntry entry) {
    return fixture.client.content(repo, commit, path, caller, entry.location());
  }

  @Test
  void open_atTheLocation_asksTheHubNoMore() {
    RemoteContent content = content(fixture.entry(MODEL), Credential.ANONYMOUS);
    assertThat(read(content, new ByteRange(0, 1000)))
        .isEqualTo(Arrays.copyOfRange(MODEL_BYTES, 0, 1000));
    assertThat(read(content, null)).isEqualTo(MODEL_BYTES);
    assertThat(asked()).containsExactly("HUB HEAD", "CDN GET", "CDN GET");
  }

  @Test
  void open_atALocationThatExpired_asksTheHubOnceForAll() {
    RemoteContent content = content(fixture.entry(MODEL), Credential.ANONYMOUS);
    fixture.hub.expireLinks();
    CompletableFuture<?>[] all =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () ->
                            assertThat(read(content, new ByteRange(i, 100_000)))
                                .isEqualTo(Arrays.copyOfRange(MODEL_BYTES, i, 100_000))))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();
    assertThat(asked().stream().filter("HUB GET"::equals)).hasSize(1);
  }

  @Test
  void open_withWhatAnybodyWasTold_servesACallerToo() {
    read(content(fixture.entry(MODEL), TOKEN), null);
    assertThat(asked()).containsExactly("HUB HEAD", "CDN GET");
    assertThat(fixture.hub.requests(r -> r.token().isPresent())).isEmpty();
  }

  @Test
  void open_withWhatAnotherCallerWasTold_asksTheHub() {
    fixture.hub.token("hf_canary", "ann");
    RemoteEntry entry =
        HubFixture.here(fixture.client.head(REPO, Revision.MAIN, MODEL, TOKEN, HubFixture.BUDGET));
    fixture.hub.clearLog();
    read(content(entry, Credential.ANONYMOUS), null);
    read(content(entry, TOKEN), null);
    assertThat(asked()).containsExactly("HUB GET", "CDN GET", "CDN GET");
  }

  @Test
  void open_withTheLocationOfAnotherFile_asksTheHub() {
    RemoteEntry entry = fixture.entry(MODEL);
    RemoteContent config =
        content(REPO, entry.commit(), HubFixture.CONFIG, Credential.ANONYMOUS, entry);
    assertThat(read(config, null)).isEqualTo(HubFixture.CONFIG_BYTES);
    assertThat(fixture.hub.requests(r -> r.server() == HubRequest.Server.CDN)).isEmpty();
  }

  @Test
  void location_isNeverShown() {
    assertThat(fixture.entry(MODEL).toString())
        .contains("Location[***]")
        .doesNotContain("127.0.0.2");
  }
}
