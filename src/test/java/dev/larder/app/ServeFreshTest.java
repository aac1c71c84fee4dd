package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.testing.HubRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A branch that moves at the hub is one commit for whoever asks, whatever is asked. */
final class ServeFreshTest extends SiteFixture {
  private static final Duration LATE = Duration.ofSeconds(61);
  private static final Duration OWN_QUESTION = Duration.ofSeconds(2);
  private static final String API = "/hf/api/models/o/r";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Every way to ask about a branch, with the commit that its answer is of. */
  private enum Way {
    HEAD_FILE,
    GET_FILE,
    GET_OTHER_FILE,
    MISSING_FILE,
    INFO,
    REVISION,
    INFO_WITH_BLOBS,
    TREE,
    TREE_ONE_LEVEL,
    PATHS_INFO,
    RAW,
    REFS
  }

  private Commit one = new Commit("0".repeat(40));
  private Commit two = one;

  private static String text(int generation) {
    return "generation " + generation + " ".repeat(generation);
  }

  private Commit generation(int generation) {
    repo.file("config.json", text(generation)).file("other.json", text(generation));
    return repo.lfs("model.bin", Bytes.of(generation, 100_000 + generation)).commit("main");
  }

  private void offer() {
    one = generation(1);
  }

  private void move() {
    two = generation(2);
  }

  private Commit ask(Way way) {
    return switch (way) {
      case HEAD_FILE -> ofFile(head(MODEL));
      case GET_FILE -> {
        Got got = get(MODEL);
        Commit commit = ofFile(got);
        assertThat(got.body()).hasSize(commit.equals(one) ? 100_001 : 100_002);
        yield commit;
      }
      case GET_OTHER_FILE -> {
        Got got = get("/hf/o/r/resolve/main/config.json");
        Commit commit = ofFile(got);
        assertThat(got.text()).isEqualTo(text(commit.equals(one) ? 1 : 2));
        yield commit;
      }
      case MISSING_FILE -> new Commit(head("/hf/o/r/resolve/main/no.json").header("X-Repo-Commit"));
      case INFO -> new Commit(json(API).path("sha").asString());
      case REVISION -> new Commit(json(API + "/revision/main").path("sha").asString());
      case INFO_WITH_BLOBS -> new Commit(json(API + "?blobs=true").path("sha").asString());
      case TREE -> ofSize(json(API + "/tree/main?recursive=true&expand=false"));
      case TREE_ONE_LEVEL -> ofSize(json(API + "/tree/main"));
      case PATHS_INFO ->
          ofSize(
              JSON.readTree(post(API + "/paths-info/main", "{\"paths\":[\"model.bin\"]}").body()));
      case RAW -> {
        String raw = get("/hf/o/r/raw/main/config.json").text();
        yield raw.equals(text(1)) ? one : two;
      }
      case REFS ->
          new Commit(json(API + "/refs").path("branches").get(0).path("targetCommit").asString());
    };
  }

  private static Commit ofFile(Got got) {
    assertThat(got.status()).isEqualTo(200);
    return new Commit(got.header("X-Repo-Commit"));
  }

  private JsonNode json(String path) {
    Got got = get(path);
    assertThat(got.status()).as(path).isEqualTo(200);
    return JSON.readTree(got.body());
  }

  private Commit ofSize(JsonNode files) {
    for (JsonNode file : files) {
      if (file.path("path").asString("").equals("model.bin")) {
        return file.path("size").asInt() == 100_001 ? one : two;
      }
    }
    throw new AssertionError(files.toString());
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Way.values())
        .flatMap(first -> Stream.of(Way.values()).map(second -> Arguments.of(first, second)));
  }

  /** The branch moves between two questions, and between two more after the time is over. */
  @ParameterizedTest
  @MethodSource("pairs")
  void branchMovesBetweenTwoQuestions_bothAreOfOneCommit(Way first, Way second) {
    offer();
    assertThat(ask(first)).isEqualTo(one);
    move();
    assertThat(ask(second)).isEqualTo(one);
    clock.pass(LATE);
    assertThat(ask(second)).isEqualTo(two);
    assertThat(ask(first)).isEqualTo(two);
  }

  /** All was asked for at moments of its own, so that nothing grows old together. */
  @Test
  void everythingAskedAtAnotherMoment_switchesAtOnce() {
    offer();
    for (Way way : Way.values()) {
      ask(way);
      clock.pass(Duration.ofSeconds(4));
    }
    move();
    Commit before = one;
    for (int second = 0; second < 60; second += 5) {
      List<Commit> said = Stream.of(Way.values()).map(this::ask).distinct().toList();
      assertThat(said).hasSize(1);
      assertThat(before.equals(two) && said.getFirst().equals(one)).isFalse();
      before = said.getFirst();
      clock.pass(Duration.ofSeconds(5));
    }
    assertThat(before).isEqualTo(two);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void restart_doesNotTurnBackTheBranch(Way way) {
    offer();
    ask(Way.GET_FILE);
    clock.pass(LATE);
    move();
    ask(Way.REVISION);
    assertThat(ask(way)).isEqualTo(two);
    restart();
    assertThat(ask(way)).isEqualTo(two);
    assertThat(ask(Way.HEAD_FILE)).isEqualTo(two);
  }

  @Test
  void manyClients_atTheEndOfTheTime_costOneQuestion() throws InterruptedException {
    offer();
    List<String> paths =
        List.of(MODEL, "/hf/o/r/resolve/main/config.json", "/hf/o/r/resolve/main/other.json");
    paths.forEach(this::get);
    get(API + "/revision/main");
    // What is public is asked for too; both are one question where the file is kept in git.
    costsOneQuestion(() -> {}, IntStream.range(0, 60).mapToObj(i -> paths.get(i % 3)).toList());
  }

  /**
   * Asks for all of them at once, after {@code before} and the end of the time. Who waits two
   * seconds for another's answer asks as well: a round that took so long shows nothing, and there
   * is another one.
   */
  private void costsOneQuestion(Runnable before, List<String> paths) throws InterruptedException {
    Duration took = Duration.ZERO;
    for (int round = 0; round < 10; round++) {
      before.run();
      clock.pass(LATE);
      hub.clearLog();
      HubFault slow = hub.on(_ -> true).delay(Duration.ofMillis(400)).always();
      long started = System.nanoTime();
      List<CompletableFuture<Got>> clients = paths.stream().map(this::getting).toList();
      slow.awaitMet();
      List<Got> answers = clients.stream().map(CompletableFuture::join).toList();
      took = Duration.ofNanos(System.nanoTime() - started);
      hub.clearFaults();
      assertThat(answers).allSatisfy(got -> assertThat(got.status()).isEqualTo(200));
      if (took.compareTo(OWN_QUESTION) < 0) {
        assertThat(answers).allSatisfy(got -> assertThat(got.cache()).isEqualTo("HIT"));
        assertThat(hub.requests(HubRequest::isFirst)).hasSize(1);
        return;
      }
    }
    throw new AssertionError("no round of this machine is fast enough; the last took " + took);
  }

  /** The first one's question fails: the others are not made to fail one after another. */
  @Test
  void manyClients_atTheEndOfTheTime_hubBroken_areStaleTogether() {
    offer();
    get(MODEL);
    get("/hf/o/r/resolve/main/config.json");
    clock.pass(LATE);
    hub.on(_ -> true).status(500).always();
    hub.clearLog();
    long started = System.nanoTime();
    List<CompletableFuture<Got>> clients = new ArrayList<>();
    IntStream.range(0, 40)
        .forEach(
            i -> clients.add(getting(i % 2 == 0 ? MODEL : "/hf/o/r/resolve/main/config.json")));
    clients.forEach(client -> assertThat(client.join().cache()).isEqualTo("STALE"));
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
    // Either file may be what is broken: each is asked for twice, with three tries after the first.
    assertThat(hub.requests().size()).isLessThanOrEqualTo(16);
  }

  @Test
  void historyWrittenAnew_isFoundBeforeTheTimeIsOver() {
    offer();
    ask(Way.REVISION);
    move();
    hub.on(request -> request.path().contains(one.hex()))
        .status(404, "X-Error-Code", "RevisionNotFound")
        .always();
    assertThat(ask(Way.GET_FILE)).isEqualTo(two);
    assertThat(ask(Way.REVISION)).isEqualTo(two);
  }

  /** As clients fetch a snapshot: the description, the listing, then every file by its commit. */
  private void snapshot() {
    String sha = json(API + "/revision/main").path("sha").asString();
    JsonNode files = json(API + "/tree/" + sha + "?recursive=true&expand=false");
    for (JsonNode file : files) {
      String path = resolve(new Commit(sha), file.path("path").asString());
      assertThat(head(path).status()).isEqualTo(200);
      assertThat(get(path).status()).isEqualTo(200);
    }
    get(API + "/revision/" + sha);
    post(API + "/paths-info/" + sha, "{\"paths\":[\"model.bin\"]}");
  }

  @Test
  void snapshot_again_asksNothingWithinTheTimeAndOneThingAfterIt() {
    offer();
    snapshot();
    hub.clearLog();
    snapshot();
    assertThat(hub.requests()).isEmpty();

    clock.pass(LATE);
    json(API + "/revision/main");
    json(API + "/tree/" + one + "?recursive=true&expand=false");
    json(API + "/revision/" + one);
    assertThat(hub.requests()).hasSize(1);
  }

  /** The commit is known, and whether the repo is still public is asked once for all its files. */
  @Test
  void filesOfACommit_manyAtOnce_costOneQuestion() throws InterruptedException {
    offer();
    snapshot();
    costsOneQuestion(
        this::restart,
        Stream.of("model.bin", "config.json", "other.json", "model.bin", "config.json")
            .map(path -> resolve(one, path))
            .toList());
  }
}
