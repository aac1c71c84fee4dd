package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeContent;
import dev.larder.testing.HubFault;
import dev.larder.testing.HubRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Files of restricted repos that take their caller longer than a right lasts. */
final class LongDownloadTest extends SiteFixture {
  private static final String ANN = "hf_ann_secret";
  private static final String BOB = "hf_bob_secret";
  private static final String SITE = "hf_site_secret";
  private static final Duration LATE = Duration.ofSeconds(61);

  /** More than the sockets between server and client hold. */
  private static final int SIZE = 64 << 20;

  private void offer() {
    repo.lfsGenerated("model.bin", SIZE, 7).commit("main");
    hub.token(ANN, "ann");
    hub.token(BOB, "bob");
    hub.token(SITE, "site");
    repo.privateTo(ANN, SITE);
    start("UPSTREAM_TOKEN", SITE);
    as(ANN).body();
    restart("UPSTREAM_TOKEN", SITE); // By then all of it is put away.
  }

  private Got as(String token) {
    return get(MODEL, "Authorization", "Bearer " + token);
  }

  /** The answer has begun, and its client takes no more of it for now. */
  private HttpResponse<InputStream> begin(String token) throws IOException {
    HttpResponse<InputStream> response = open("GET", MODEL, "Authorization", "Bearer " + token);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body().readNBytes(1000)).hasSize(1000);
    return response;
  }

  private static boolean isCut(HttpResponse<InputStream> response) {
    Got rest = read(response);
    return !rest.complete() && rest.body().length < SIZE - 1000;
  }

  @Test
  void cachedFile_callerIsDeniedMeanwhile_isCutAfterTheAccessTime() throws IOException {
    offer();
    HttpResponse<InputStream> running = begin(ANN);
    assertThat(running.headers().firstValue("X-Larder-Cache")).contains("HIT");
    assertThat(running.headers().firstValue("Content-Length")).contains(Integer.toString(SIZE));
    repo.privateTo(BOB, SITE);
    clock.pass(LATE);
    assertThat(isCut(running)).isTrue();
  }

  @Test
  void cachedFile_callerMayStillReadIt_isGivenToItsEndAndTheHubAskedOnce() throws IOException {
    offer();
    HttpResponse<InputStream> running = begin(ANN);
    hub.clearLog();
    clock.pass(LATE);
    assertThat(read(running).body()).hasSize(SIZE - 1000);
    assertThat(hub.requests(r -> r.token().filter(ANN::equals).isPresent())).hasSize(1);
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void cachedFile_hubIsAwayMeanwhile_isGivenToItsEnd() throws IOException {
    offer();
    HttpResponse<InputStream> running = begin(ANN);
    hub.away();
    clock.pass(LATE);
    assertThat(read(running).body()).hasSize(SIZE - 1000);
  }

  @Test
  void cachedFile_tokenOfThisLarderIsRevokedMeanwhile_isCutAtOnce() throws IOException {
    offer();
    Tokens tokens = server().house().access().tokens();
    tokens.change(new Tokens.GrantChange("team", List.of(RepoPattern.parse("o/*")), List.of()));
    String token = tokens.create(new Tokens.Wish("ci", Set.of("team"), Optional.empty())).token();
    HttpResponse<InputStream> running = begin(token);
    tokens.revoke("ci");
    assertThat(isCut(running)).isTrue();
    assertThat(as(token).status()).isEqualTo(401);
  }

  @Test
  void cachedFile_grantIsTakenMeanwhile_isCutAtOnce() throws IOException {
    offer();
    Tokens tokens = server().house().access().tokens();
    List<RepoPattern> all = List.of(RepoPattern.parse("o/*"));
    tokens.change(new Tokens.GrantChange("team", all, List.of()));
    String token = tokens.create(new Tokens.Wish("ci", Set.of("team"), Optional.empty())).token();
    HttpResponse<InputStream> running = begin(token);
    tokens.change(new Tokens.GrantChange("team", List.of(), all));
    assertThat(isCut(running)).isTrue();
    assertThat(as(token).status()).isEqualTo(404);
  }

  @Test
  void cachedFile_rewrittenInPlaceMeanwhile_isNeverCompleted() throws IOException {
    offer();
    HttpResponse<InputStream> running = begin(ANN);
    Path blob = new OnDisk(root).blobs().getFirst();
    assertThat(blob.toFile().setWritable(true)).isTrue();
    try (FileChannel file = FileChannel.open(blob, StandardOpenOption.WRITE)) {
      assertThat(file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), SIZE - 10L)).isEqualTo(3);
    }
    assertThat(isCut(running)).isTrue();
  }

  @Test
  void arrivingFile_callerIsDeniedMeanwhile_isCut() throws IOException {
    offer();
    byte[] other = Bytes.of(9, 3_000_000);
    repo.lfs("model.bin", other).commit("main");
    clock.pass(LATE);
    HubFault stall = hub.on(r -> r.server() == HubRequest.Server.CDN).stallAfter(100_000);
    HttpResponse<InputStream> running = open("GET", MODEL, "Authorization", "Bearer " + ANN);
    assertThat(running.body().readNBytes(1000)).hasSize(1000);
    repo.privateTo(BOB);
    clock.pass(LATE);
    stall.release();
    Got rest = read(running);
    assertThat(rest.complete()).isFalse();
    assertThat(rest.body().length).isLessThan(other.length - 1000);
  }

  @Test
  void arrivingFile_repoIsClosedMeanwhile_isCutForWhoMayNotReadIt() throws IOException {
    byte[] bytes = Bytes.of(9, 3_000_000);
    repo.lfs("model.bin", bytes).commit("main");
    hub.token(ANN, "ann");
    HubFault stall = hub.on(r -> r.server() == HubRequest.Server.CDN).stallAfter(100_000);
    HttpResponse<InputStream> running = open("GET", MODEL);
    assertThat(running.body().readNBytes(1000)).hasSize(1000);
    repo.privateTo(ANN);
    clock.pass(LATE);
    assertThat(get(MODEL).status()).isEqualTo(401);
    stall.release();
    assertThat(read(running).complete()).isFalse();
  }

  /** A large file of an older commit, which is at no path that is known here. */
  private HttpResponse<InputStream> beginNameless(String token) throws IOException {
    FakeContent old = FakeContent.generated(SIZE, 8);
    repo.lfsGenerated("old.bin", SIZE, 8).commit("main");
    repo.remove("old.bin").commit("main");
    String path = "/hf/o/r/info/lfs/objects/" + old.sha256().hex() + "?size=" + SIZE;
    HttpResponse<InputStream> response = open("GET", path, "Authorization", "Bearer " + token);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body().readNBytes(1000)).hasSize(1000);
    return response;
  }

  @Test
  void fileKnownByItsDigest_callerIsDeniedMeanwhile_isCutAfterTheAccessTime() throws IOException {
    offer();
    HttpResponse<InputStream> running = beginNameless(ANN);
    repo.privateTo(BOB, SITE);
    clock.pass(LATE);
    assertThat(isCut(running)).isTrue();
  }

  @Test
  void fileKnownByItsDigest_callerMayStillReadIt_isGivenToItsEndAndTheHubAskedOnce()
      throws IOException {
    offer();
    HttpResponse<InputStream> running = beginNameless(ANN);
    hub.clearLog();
    clock.pass(LATE);
    assertThat(read(running).body()).hasSize(SIZE - 1000);
    assertThat(hub.requests(r -> r.token().filter(ANN::equals).isPresent())).hasSize(1);
  }

  @Test
  void fileKnownByItsDigest_tokenOfThisLarderIsRevokedMeanwhile_isCutAtOnce() throws IOException {
    offer();
    Tokens tokens = server().house().access().tokens();
    tokens.change(new Tokens.GrantChange("team", List.of(RepoPattern.parse("o/*")), List.of()));
    String token = tokens.create(new Tokens.Wish("ci", Set.of("team"), Optional.empty())).token();
    HttpResponse<InputStream> running = beginNameless(token);
    tokens.revoke("ci");
    assertThat(isCut(running)).isTrue();
  }
}
