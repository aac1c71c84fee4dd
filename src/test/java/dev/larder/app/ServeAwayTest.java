package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.testing.HubRequest;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is answered when the hub says nothing, says no, or says something else than before. */
@Tag("alone")
final class ServeAwayTest extends SiteFixture {
  private static final Duration LATE = Duration.ofSeconds(61);

  private final byte[] one = Bytes.of(1, 300_000);
  private final byte[] two = Bytes.of(2, 300_000);

  @BeforeEach
  void waitForNobody() {
    tuning = IMPATIENT;
  }

  private Commit offer(byte[] bytes) {
    return repo.lfs("model.bin", bytes).commit("main");
  }

  private static boolean asksHub(HubRequest request) {
    return request.server() == HubRequest.Server.HUB;
  }

  private void assertOldOne(Commit first, String state) {
    long started = System.nanoTime();
    Got got = get(MODEL);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(one);
    assertThat(got.cache()).isEqualTo(state);
    assertThat(got.header("X-Repo-Commit")).isEqualTo(first.hex());
  }

  @Test
  void branch_movedBeforeItsTime_isTheOldOneWithoutAsking() {
    Commit first = offer(one);
    get(MODEL);
    offer(two);
    restart();
    hub.clearLog();
    assertOldOne(first, "HIT");
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void branch_movedAfterItsTime_isTheNewOneAndTheRefFollows() {
    Commit first = offer(one);
    get(MODEL);
    Commit second = offer(two);
    clock.pass(LATE);
    Got got = get(MODEL);
    assertThat(got.body()).isEqualTo(two);
    assertThat(got.cache()).isEqualTo("MISS");
    assertThat(got.header("X-Repo-Commit")).isEqualTo(second.hex());
    assertThat(get(resolve(first, "model.bin")).body()).isEqualTo(one);
    OnDisk disk = stop();
    assertThat(disk.blobs()).hasSize(2);
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(second.hex());
    assertThat(disk.tree(FOLDER))
        .contains("snapshots/" + first + "/model.bin", "snapshots/" + second + "/model.bin");
  }

  @Test
  void branch_movedWhileAFileWasUnderWay_refIsNotMovedBack() throws InterruptedException {
    offer(one);
    HubFault slow = hub.onFile("").stallAfter(1000);
    var old = getting(MODEL);
    slow.awaitMet();
    Commit second = offer(two);
    clock.pass(LATE);
    PullRequest pull =
        new PullRequest(RepoId.model("o/r"), Revision.MAIN, FileSelection.ALL, false);
    server().house().puller().pull(pull, Caller.ANONYMOUS, PullListener.NONE);
    slow.release();
    assertThat(old.join().body()).isEqualTo(one);
    OnDisk disk = stop();
    assertThat(disk.blobs()).hasSize(2);
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(second.hex());
  }

  /** Others are told the new commit already: a file of the old one would not fit theirs. */
  @Test
  void branch_movedButNewFileCannotBeFetched_isNotTheOldOneAndRefStays() {
    Commit first = offer(one);
    get(MODEL);
    restart(); // All is written down.
    offer(two);
    clock.pass(LATE);
    hub.onFile("").status(404).always();
    assertThat(get(MODEL).status()).isEqualTo(502);
    assertThat(get(MODEL).status()).isEqualTo(502);
    assertThat(get(resolve(first, "model.bin")).body()).isEqualTo(one);
    OnDisk disk = stop();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(first.hex());
    assertThat(disk.blobs()).hasSize(1);
  }

  @Test
  void branch_movedButNewFileIsSilent_isNotTheOldOneWithinOnePatience() {
    tuning = IMPATIENT.withPatience(Duration.ofSeconds(2));
    Commit first = offer(one);
    get(MODEL);
    restart();
    offer(two);
    clock.pass(LATE);
    hub.onFile("").stallAfter(0).always();
    long started = System.nanoTime();
    assertThat(get(MODEL).status()).isEqualTo(504);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
    assertThat(get(resolve(first, "model.bin")).body()).isEqualTo(one);
  }

  /** The hub takes its time to say what the file is, and then its bytes do not come. */
  @Test
  void otherFile_slowHubAndSilentBytes_isRefusedWithinOnePatience() {
    tuning = IMPATIENT.withPatience(Duration.ofSeconds(6));
    offer(one);
    hub.on(request -> request.method().equals("HEAD") && asksHub(request))
        .delay(Duration.ofMillis(5500));
    hub.onFile("").stallAfter(0).always();
    server();
    long started = System.nanoTime();
    Got got = get(MODEL);
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    assertThat(got.status()).isEqualTo(504);
    assertThat(took).isLessThan(Duration.ofMillis(11_000));
  }

  @Test
  void cachedFile_hubSwitchedOff_isStale() {
    Commit first = offer(one);
    get(MODEL);
    restart();
    clock.pass(LATE);
    hub.away();
    assertOldOne(first, "STALE");
    assertThat(get(MODEL).header("X-HF-Warning")).isNotEmpty();
    Got head = head(MODEL);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("300000");
    assertThat(get(MODEL, "Range", "bytes=5-9").body())
        .isEqualTo(java.util.Arrays.copyOfRange(one, 5, 10));
  }

  @Test
  void cachedFile_hubSaysTooMany_isStale() {
    Commit first = offer(one);
    get(MODEL);
    clock.pass(LATE);
    hub.on(ServeAwayTest::asksHub).status(429, "Retry-After", "60").always();
    assertOldOne(first, "STALE");
  }

  @Test
  void fileUnderWay_hubSaysTooMany_isJoined() throws InterruptedException {
    offer(one);
    HubFault slow = hub.onFile("").stallAfter(1000);
    var first = getting(MODEL);
    slow.awaitMet();
    clock.pass(LATE);
    hub.on(ServeAwayTest::asksHub).status(429).always();
    var second = open("GET", MODEL);
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.headers().firstValue("X-Larder-Cache")).hasValue("STALE");
    assertThat(head(MODEL).status()).isEqualTo(200);
    slow.release();
    assertThat(read(second).body()).isEqualTo(one);
    assertThat(first.join().body()).isEqualTo(one);
    assertThat(hub.fileBytesSent()).isLessThan(2 * one.length);
  }

  @Test
  void cachedFile_hubBroken_isStaleAndThenFreshAgain() {
    Commit first = offer(one);
    get(MODEL);
    clock.pass(LATE);
    hub.on(ServeAwayTest::asksHub).status(500).always();
    assertOldOne(first, "STALE");
    hub.clearFaults();
    restart();
    assertOldOne(first, "HIT");
  }

  @Test
  void cachedFile_hubAnswersALoginPage_isStale() {
    Commit first = offer(one);
    get(MODEL);
    clock.pass(LATE);
    hub.on(ServeAwayTest::asksHub).html().always();
    assertOldOne(first, "STALE");
  }

  @Test
  void hubIsSilent_cachedFileWithin5SecondsAndOthersRefusedWithin25() {
    Commit first = offer(one);
    get(MODEL);
    repo.lfs("other.bin", two);
    repo.commit("main");
    clock.pass(LATE);
    hub.on(ServeAwayTest::asksHub).delay(Duration.ofSeconds(30)).always();
    long started = System.nanoTime();
    var other = getting("/hf/o/r/resolve/main/other.bin");
    assertOldOne(first, "STALE");
    Got refused = other.join();
    assertThat(refused.status()).isIn(502, 503, 504);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(25));
    assertThat(refused.header("X-Error-Code")).doesNotContain("NotFound");
  }

  @Test
  void otherFile_hubSwitchedOff_isNever404() {
    offer(one);
    get(MODEL);
    clock.pass(LATE);
    hub.away();
    for (String path : new String[] {"/hf/o/r/resolve/main/new.bin", "/hf/x/y/resolve/main/a"}) {
      assertThat(get(path).status()).isIn(502, 503, 504);
      assertThat(head(path).status()).isIn(502, 503, 504);
    }
    assertThat(get("/hf/api/models/x/y").status()).isIn(502, 503, 504);
  }

  @Test
  void otherFile_hubSaysTooMany_is503WithShortRetryAfter() {
    offer(one);
    hub.on(ServeAwayTest::asksHub).status(429, "Retry-After", "60").always();
    Got got = get(MODEL);
    assertThat(got.status()).isEqualTo(503);
    assertThat(Integer.parseInt(got.header("Retry-After"))).isBetween(1, 5);
    assertThat(get(MODEL).text())
        .containsPattern("limited by the hub, (60|5\\d) s left")
        .doesNotContain("network");
  }

  @Test
  void documents_hubSwitchedOff_areWhatWasSaidLast() {
    Commit first = offer(one);
    Got info = get("/hf/api/models/o/r/revision/main");
    Got tree = get("/hf/api/models/o/r/tree/" + first + "?recursive=true");
    restart();
    clock.pass(LATE);
    hub.away();
    Got again = get("/hf/api/models/o/r/revision/main");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.cache()).isEqualTo("STALE");
    assertThat(again.body()).isEqualTo(info.body());
    assertThat(get("/hf/api/models/o/r/tree/" + first + "?recursive=true").body())
        .isEqualTo(tree.body());
  }

  @Test
  void absence_isTrustedForAMomentAndAnsweredWhenHubIsAway() {
    Commit first = offer(one);
    Got absent = get("/hf/o/r/resolve/main/none.txt");
    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.header("X-Error-Code")).isEqualTo("EntryNotFound");
    assertThat(absent.header("X-Repo-Commit")).isEqualTo(first.hex());
    OnDisk disk = restart();
    assertThat(disk.tree(FOLDER)).contains(".no_exist/" + first + "/none.txt");
    clock.pass(LATE);
    hub.away();
    Got stale = get("/hf/o/r/resolve/main/none.txt");
    assertThat(stale.status()).isIn(404, 503, 504);
  }

  @Test
  void largeFile_weakIdentity_isPassedThroughAndNotKept() {
    offer(one);
    hub.on(r -> asksHub(r) && r.concerns("model.bin"))
        .header("X-Linked-Etag", "W/\"1234-odd\"")
        .always();
    hub.on(r -> !asksHub(r)).etag("W/\"1234-odd\"").always();
    assertPassed(one, MODEL);
  }

  @Test
  void smallFile_oddIdentity_isPassedThroughAndNotKept() {
    repo.file("a.txt", "hello");
    repo.commit("main");
    hub.on(r -> r.path().contains("/api/resolve-cache/")).etag("\"5-hello-odd\"").always();
    assertPassed("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8), RESOLVE + "a.txt");
  }

  private static final String RESOLVE = "/hf/o/r/resolve/main/";

  private void assertPassed(byte[] bytes, String path) {
    Got got = get(path);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(bytes);
    assertThat(got.cache()).isEqualTo("BYPASS");
    assertThat(head(path).cache()).isEqualTo("BYPASS");
    Got part = get(path, "Range", "bytes=1-3");
    assertThat(part.status()).isIn(200, 206);
    assertThat(part.body())
        .isEqualTo(part.status() == 200 ? bytes : java.util.Arrays.copyOfRange(bytes, 1, 4));
    OnDisk disk = stop();
    assertThat(disk.blobs()).isEmpty();
    assertThat(disk.unfinished()).isEmpty();
    assertThat(disk.tree(FOLDER)).isEmpty();
  }
}
