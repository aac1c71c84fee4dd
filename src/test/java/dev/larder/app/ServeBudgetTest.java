package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.cli.Larder;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.upkeep.Budget;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that may keep less than it is asked for. */
@Timeout(60)
final class ServeBudgetTest extends BudgetFixture {
  private static final int WARM = 8;

  /** The repo that {@link #MODEL} is in. */
  private static final RepoId HUGE = RepoId.model("o/r");

  @Test
  void usedLongestAgo_goes_andWhatIsUsedStays() {
    offer(14);
    start(LIMITED);
    for (int i = 0; i < WARM; i++) {
      assertThat(fetch(i).cache()).isEqualTo("MISS");
    }
    assertThat(fetch(0).cache()).isEqualTo("HIT");
    for (int i = WARM; i < 14; i++) {
      fetch(i);
      assertThat(fetch(0).cache()).isEqualTo("HIT");
    }
    await("the budget is kept to", () -> storedBytes() <= BUDGET / 10 * 9);

    OnDisk disk = stop(); // Whatever was going has gone, or stays.
    List<Budget.Evicted> gone = evictions();
    assertThat(gone).isNotEmpty();
    assertThat(gone)
        .extracting(Budget.Evicted::digest)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, gone.size())
                .mapToObj(i -> Bytes.digest(bytes(i)).hex())
                .toList());
    for (Budget.Evicted each : gone) {
      assertThat(each.repo()).isPresent();
      assertThat(each.paths()).containsExactly("model.bin");
      assertThat(each.sizeBytes()).isEqualTo(SIZE);
      assertThat(each.reason()).contains("not used for");
      assertThat(each.roomFor()).isNotEmpty();
    }
    for (int i = 1; i <= gone.size(); i++) {
      assertThat(isStored(i) || isShown(i)).isFalse();
    }
    assertThat(gone.size()).isBetween(4, 6);
    assertThat(disk.blobs()).hasSize(14 - gone.size());
    assertThat(disk.unfinished()).isEmpty();
  }

  @Test
  void whatWasEvicted_comesAgain_andTheTreeIsWholeAgain() {
    offer(12);
    start(LIMITED);
    IntStream.range(0, 12).forEach(this::fetch);
    await("the first one goes", () -> !isStored(0) && !isShown(0));
    Path ref = root.resolve("hub/models--o--m0/refs/main");
    assertThat(ref).doesNotExist();

    assertThat(fetch(0).cache()).isEqualTo("MISS");
    await("it is in the tree again", () -> isShown(0) && Files.exists(ref));
    assertThat(fetch(0).cache()).isEqualTo("HIT");
  }

  @Test
  void whatIsPinned_stays_andWhenNothingElseIsLeft_newFilesArePassedOn() {
    offer(14);
    start(LIMITED);
    IntStream.range(0, WARM).forEach(this::fetch);
    IntStream.range(0, WARM).forEach(i -> pin(i, Optional.empty()));
    for (int i = WARM; i < 14; i++) { // What is not pinned may go as soon as it came.
      assertThat(get(path(i)).body()).isEqualTo(bytes(i));
      assertThat(storedBytes()).isLessThanOrEqualTo(BUDGET);
    }
    await("the budget is kept to", () -> storedBytes() <= BUDGET / 10 * 9);
    IntStream.range(0, WARM).forEach(i -> assertThat(isStored(i) && isShown(i)).isTrue());

    byte[] large = Bytes.of(99, 2_400_000);
    repo.lfs("model.bin", large).commit("main");
    for (int i = 0; i < 2; i++) {
      Got got = get(MODEL);
      assertThat(got.body()).isEqualTo(large);
      assertThat(got.cache()).isEqualTo("BYPASS");
    }
    assertThatThrownBy(() -> pull(HUGE, LIMITED))
        .isInstanceOfSatisfying(
            LarderException.class, full -> assertThat(full.code()).isEqualTo("store-full"))
        .hasMessageContaining("pinned by ann 8.0 MB")
        .hasMessageContaining("budget of 10.0 MB");
    assertThat(storedBytes()).isGreaterThanOrEqualTo(8L * SIZE);
  }

  @Test
  void pinThatIsOver_keepsNothing() {
    offer(12);
    start(LIMITED);
    fetch(0);
    pin(0, Optional.of(Duration.ofMinutes(3)));
    IntStream.range(1, 12).forEach(this::fetch);
    await("it goes", () -> !isStored(0));
    try (Larder larder = larder(LIMITED)) {
      assertThat(larder.budget().pins()).isEmpty();
    }
  }

  @Test
  void pinsBeyondTheirShare_areRefused_withWhoHoldsWhat() {
    offer(9);
    start(LIMITED);
    IntStream.range(0, 9).forEach(this::fetch);
    IntStream.range(0, 8).forEach(i -> pin(i, Optional.empty()));
    assertThatThrownBy(() -> pin(8, Optional.empty()))
        .isInstanceOfSatisfying(
            LarderException.class, limit -> assertThat(limit.code()).isEqualTo("pin-limit"))
        .hasMessageContaining("80 %")
        .hasMessageContaining("by ann: o/m0 1.0 MB, o/m1 1.0 MB");
    try (Larder larder = larder(LIMITED)) {
      larder.budget().unpin(repo(3), Optional.empty(), "ann");
    }
    assertThat(pin(8, Optional.empty()).sizeBytes()).isEqualTo(SIZE);
  }

  /** Nothing is evicted for a client's object of more than a quarter; a pull may. */
  @Test
  void hugeObject_evictsNobodyForAClient_andSomebodyForAPull() {
    offer(8);
    start(LIMITED);
    IntStream.range(0, 8).forEach(this::fetch);
    byte[] huge = Bytes.of(98, 3_000_000);
    repo.lfs("model.bin", huge).commit("main");

    Got got = get(MODEL);
    assertThat(got.body()).isEqualTo(huge);
    assertThat(got.cache()).isEqualTo("BYPASS");
    IntStream.range(0, 8).forEach(i -> assertThat(isStored(i)).isTrue());

    pull(HUGE, LIMITED);
    assertThat(isStored(0)).isFalse();
    assertThat(storedBytes()).isLessThanOrEqualTo(BUDGET);
    assertThat(get(MODEL).cache()).isEqualTo("HIT");
  }

  @Test
  void pullOfMoreThanTheBudget_evictsNobody() {
    offer(4);
    start(LIMITED);
    IntStream.range(0, 4).forEach(this::fetch);
    repo.lfs("model.bin", Bytes.of(97, 11_000_000)).commit("main");
    assertThatThrownBy(() -> pull(HUGE, LIMITED)).hasMessageContaining("11.0 MB");
    IntStream.range(0, 4).forEach(i -> assertThat(isStored(i)).isTrue());
  }

  @Test
  void reader_keepsItsBytes_andItsBlobStays() throws IOException {
    offer(14);
    start(LIMITED);
    fetch(0);
    HttpResponse<InputStream> reading = open("GET", path(0));
    byte[] first = reading.body().readNBytes(1000);
    IntStream.range(1, 14).forEach(this::fetch);
    await("the budget is kept to", () -> storedBytes() <= BUDGET / 10 * 9);
    byte[] rest = reading.body().readAllBytes();
    byte[] all = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    assertThat(all).isEqualTo(bytes(0));
  }

  @Test
  void budgetBelowWhatIsThere_isReachedAfterTheNextStart() {
    offer(8);
    start(LIMITED);
    IntStream.range(0, 8).forEach(this::fetch);
    restart("MAX_SIZE", "5MB", "MIN_FREE", "0B");
    await("what is too much goes", () -> storedBytes() <= 4L * SIZE);
    IntStream.range(4, 8).forEach(i -> assertThat(isStored(i)).isTrue());
    restart("SOURCE_LIMITS", "hf=2500kB", "MIN_FREE", "0B");
    await("the source's own budget counts", () -> storedBytes() <= 2L * SIZE);
    assertThat(isStored(7)).isTrue();
  }

  @Test
  void client_thatHadEnoughStoredToday_isPassedTheRest() {
    offer(4);
    hub.token("hf_ann_secret", "ann");
    start("MAX_SIZE_PER_CALLER", "2500kB");
    assertThat(fetch(0).cache()).isEqualTo("MISS");
    assertThat(fetch(1).cache()).isEqualTo("MISS");
    assertThat(fetch(2).cache()).isEqualTo("BYPASS");
    assertThat(fetch(0).cache()).isEqualTo("HIT");
    assertThat(get(path(3), "Authorization", "Bearer hf_ann_secret").cache()).isEqualTo("MISS");
    pull(repo(3));
    clock.pass(Duration.ofDays(1));
    assertThat(fetch(2).cache()).isEqualTo("MISS");
  }

  /** What broke off, or had no room, was not stored, and what is asked for in parts is one file. */
  @Test
  void client_isChargedOnlyForWhatIsStored_andOnceForManyParts() throws InterruptedException {
    offer(3);
    repo.lfs("model.bin", Bytes.of(96, 2_400_000)).commit("main");
    start("MAX_SIZE_PER_CALLER", "2500kB", "MAX_SIZE", "2300kB", "MIN_FREE", "0B");
    for (int i = 0; i < 2; i++) {
      assertThat(get(MODEL).cache()).as("no room for it").isEqualTo("BYPASS");
    }
    hub.onFile("model.bin").corrupt(7).always();
    for (int i = 0; i < 2; i++) {
      Got wrong = get(path(2));
      assertThat(wrong.status() == 200 && wrong.complete()).isFalse();
    }
    hub.clearFaults();

    HubFault slow = hub.on(_ -> true).delay(Duration.ofMillis(300)).always();
    List<CompletableFuture<Got>> parts =
        IntStream.range(0, 8)
            .mapToObj(i -> getting(path(0), "Range", "bytes=%d-".formatted(i * 1000)))
            .toList();
    slow.awaitMet();
    parts.forEach(part -> assertThat(part.join().cache()).isNotEqualTo("BYPASS"));
    hub.clearFaults();
    assertThat(fetch(1).cache()).isEqualTo("MISS");
    assertThat(fetch(2).cache()).isEqualTo("BYPASS");
  }

  /** In a cache that other programs filled, and in one's own. */
  @Test
  void pullOnOnesOwn_evictsWhatPullsBrought_andNothingOfOthers() throws IOException {
    offer(12);
    PythonTree python = new PythonTree(root.resolve("hub"));
    byte[] foreign = Bytes.of(55, SIZE);
    var commit = hub.model("o/foreign").lfs("model.bin", foreign).commit("main");
    Path blob =
        python.linked(
            "models--o--foreign", commit, "model.bin", Bytes.digest(foreign).hex(), foreign);
    python.ref("models--o--foreign", commit);
    pull(RepoId.model("o/foreign"), LIMITED); // Takes it over, by the name of its bytes.
    for (int i = 0; i < 12; i++) {
      clock.pass(Duration.ofMinutes(1));
      pull(repo(i), LIMITED);
      assertThat(storedBytes()).isLessThanOrEqualTo(BUDGET);
    }
    assertThat(blob).hasBinaryContent(foreign);
    assertThat(isStored(0) || isShown(0) || isStored(1) || isStored(2)).isFalse();
    assertThat(isShown(11) && isShown(3)).isTrue();
    assertThat(evictions()).hasSize(3);
  }
}
