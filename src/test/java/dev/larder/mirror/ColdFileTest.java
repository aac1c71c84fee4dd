package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest.Server;
import dev.larder.upstream.UpstreamException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a file that nobody had before costs at the hub. */
final class ColdFileTest extends MirrorFixture {
  private void offer() {
    repo.lfs("model.bin", Bytes.of(4, 300_000)).commit("main");
  }

  private List<String> askedAtTheHub() {
    return hub.requests(r -> r.server() == Server.HUB).stream().map(r -> r.method()).toList();
  }

  @Test
  void coldFile_itsBytes_areNotAskedForAtTheHub() {
    offer();
    assertThat(get(asking("model.bin", Caller.ANONYMOUS))).isEqualTo(CacheState.MISS);
    assertThat(askedAtTheHub()).containsExactly("HEAD");
    assertThat(hub.downloads("model.bin")).hasSize(1);
  }

  /** As clients do that want to know what a file is before they ask for it. */
  @Test
  void coldFile_describedBefore_isNotAskedForAtTheHub() {
    offer();
    EntryRequest file = asking("model.bin", Caller.ANONYMOUS);
    EntryRequest head =
        new EntryRequest(
            file.repo(), file.revision(), file.path(), file.range(), true, file.caller());
    assertThat(get(head)).isEqualTo(CacheState.MISS);
    assertThat(get(file)).isEqualTo(CacheState.MISS);
    assertThat(askedAtTheHub()).containsExactly("HEAD");
  }

  @Test
  void coldFile_whoseAddressDoesNotHold_arrivesByWayOfTheHub() {
    offer();
    hub.onFile("model.bin").status(403);
    assertThat(get(asking("model.bin", Caller.ANONYMOUS))).isEqualTo(CacheState.MISS);
    assertThat(askedAtTheHub()).containsExactly("HEAD", "GET");
    assertThat(hub.downloads("model.bin")).hasSize(2);
  }

  @Test
  void fileWithoutAHash_thatIsSlowToCome_isATimeoutWhenPatienceEnds() {
    repo.file("notes.txt", "hello").commit("main");
    hub.on(r -> r.method().equals("HEAD")).always().etag("W/\"none\"");
    hub.onFile("notes.txt").always().delay(Duration.ofSeconds(30));
    patience = Duration.ofSeconds(2);
    begin(false);
    long before = System.nanoTime();
    assertThatThrownBy(() -> get(asking("notes.txt", Caller.ANONYMOUS)))
        .isInstanceOfSatisfying(
            UpstreamException.UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue());
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(25));
  }

  @Test
  void coldFileOfAPrivateRepo_itsBytes_areNotAskedForAtTheHubEither() {
    offer();
    repo.privateTo("hf_ann");
    hub.token("hf_ann", "ann");
    assertThat(get(asking("model.bin", ANN))).isEqualTo(CacheState.MISS);
    assertThat(askedAtTheHub()).containsExactly("HEAD", "HEAD");
  }
}
