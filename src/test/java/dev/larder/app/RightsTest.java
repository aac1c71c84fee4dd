package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.app.RightsTable.Cell;
import dev.larder.content.Commit;
import dev.larder.testing.HubRequest;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Every line of {@code rights.txt}, asked of a running server: who gets what, that a refusal says
 * nothing of what is there, and that it is the same whether or not it is cached.
 */
final class RightsTest extends RightsSite {
  static final List<String> KINDS = REPOS;
  private static final Duration LATE = Duration.ofSeconds(61);
  private static final int MUCH = 1 << 20;
  private static final int LITTLE = 1000;

  private final RightsTable table = new RightsTable();
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, String> refusals = new HashMap<>();
  private String kind = "";
  private int cells;

  @Test
  void everyCombination_isMetByOneLine() {
    List<String> names =
        List.of("nobody", "stray", "reader", "other", "admin", "granted", "ungranted", "revoked");
    Map<Integer, Integer> used = new TreeMap<>();
    List<String> bad = new ArrayList<>();
    for (String repo : REPOS) {
      for (String caller : names) {
        for (String route : ROUTES.keySet()) {
          for (String state : STATES) {
            Cell cell = new Cell(repo, caller, route, state);
            List<RightsTable.Row> rows = table.meeting(cell);
            if (rows.size() != 1) {
              bad.add(
                  cell + " is met by lines " + rows.stream().map(RightsTable.Row::line).toList());
            }
            rows.forEach(row -> used.merge(row.line(), 1, Integer::sum));
          }
        }
      }
    }
    assertThat(bad).isEmpty();
    assertThat(used.keySet())
        .containsExactlyElementsOf(table.rows().stream().map(RightsTable.Row::line).toList());
    assertThat(REPOS).containsAll(table.names(0));
    assertThat(names).containsAll(table.names(1));
    assertThat(ROUTES.keySet()).containsAll(table.names(2));
    assertThat(STATES).containsAll(table.names(3));
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyCaller_getsWhatIsWritten_andARefusalTellsNothing(String repo) throws Exception {
    kind = repo;
    open();
    cold();
    Commit warm = offer(kind, "o/warm-000");
    for (String route : ROUTES.keySet()) {
      Got _ = ask("reader", ROUTES.get(route), "o/warm-000", warm, MUCH);
    }
    sweep("warm", "o/warm-000", warm, () -> {});
    sweep("stale", "o/warm-000", warm, () -> clock.pass(LATE));
    flight();
    sweep("warm", "o/warm-000", warm, () -> {});
    hub.away();
    sweep("away", "o/warm-000", warm, () -> {});
    sweep("gone", "o/warm-000", warm, () -> clock.pass(LATE));
    sweep("dark", "o/dark-000", warm, () -> {});
    assertThat(wrong).isEmpty();
    assertThat(cells).isEqualTo((STATES.size() + 1) * callers.size() * ROUTES.size());
  }

  /** A repo of its own for every question, which nobody asked for before. */
  private void cold() {
    int number = 100;
    for (String caller : callers.keySet()) {
      for (String route : ROUTES.keySet()) {
        String repo = "o/cold-" + number++;
        check(new Cell(kind, caller, route, "cold"), repo, offer(kind, repo));
      }
    }
  }

  /** While its file is on its way to who may read it, and stands still. */
  private void flight() throws Exception {
    String repo = "o/flig-000";
    Commit commit = offer(kind, repo);
    hub.on(r -> r.server() == HubRequest.Server.CDN && r.target().contains("flig-000"))
        .always()
        .stallAfter(100_000);
    HttpResponse<InputStream> first =
        open("GET", ROUTES.get("file").in(repo, commit), "Authorization", "Bearer " + READER);
    try (InputStream body = first.body()) {
      byte[] _ = body.readNBytes(LITTLE);
      sweep("flight", repo, commit, () -> {});
    }
    hub.clearFaults();
  }

  private void sweep(String state, String repo, Commit commit, Runnable before) {
    for (String caller : callers.keySet()) {
      for (String route : ROUTES.keySet()) {
        before.run();
        check(new Cell(kind, caller, route, state), repo, commit);
      }
    }
  }

  private void check(Cell cell, String repo, Commit commit) {
    cells++;
    Route route = ROUTES.get(cell.route());
    Got got =
        ask(cell.caller(), route, repo, commit, cell.state().equals("flight") ? LITTLE : MUCH);
    String expected = table.answer(cell);
    String answer = told(got);
    if (!answer.equals(expected)) {
      wrong.add(cell + ": " + expected + " was due, it is " + answer + " " + got.cache());
    } else if (got.status() >= 400 && !answer.endsWith("EntryNotFound") && !table.isAway(cell)) {
      checkRefusal(cell, repo, commit, got);
    }
  }

  /** The answer in the words of the file. */
  private static String told(Got got) {
    String message = got.header("X-Error-Message");
    String why =
        message.equals("Invalid credentials in Authorization header")
            ? "bad-token"
            : message.equals("Access to this resource is disabled.")
                ? "disabled"
                : got.status() == 503 && !got.header("Retry-After").isEmpty()
                    ? "retry"
                    : got.header("X-Error-Code");
    return (got.status() + " " + why).strip();
  }

  private void checkRefusal(Cell cell, String repo, Commit commit, Got got) {
    String all = got.headers().map() + got.text();
    for (String secret : secrets(repo, commit)) {
      if (all.contains(secret)) {
        wrong.add(cell + ": a refusal tells " + secret);
      }
    }
    for (String name : got.headers().map().keySet()) {
      if (TELLING.contains(name.toLowerCase(java.util.Locale.ROOT))) {
        wrong.add(cell + ": a refusal has " + name);
      }
    }
    sameElsewhere(cell, repo, got);
  }

  private static final List<String> TELLING =
      List.of(
          "x-larder-cache",
          "x-hf-warning",
          "etag",
          "x-linked-etag",
          "x-linked-size",
          "x-repo-commit",
          "accept-ranges",
          "content-range",
          "content-disposition",
          "age",
          "last-modified",
          "link");

  private List<String> secrets(String repo, Commit commit) {
    List<String> secrets = new ArrayList<>(List.of("qwertzuiop", "secret-name", "HIT"));
    secrets.addAll(List.of(commit.hex(), Integer.toString(BYTES), Integer.toString(FLIGHT_BYTES)));
    hub.model(repo).snapshot(commit).values().forEach(file -> secrets.add(file.identity()));
    callers.values().forEach(token -> token.ifPresent(secrets::add));
    secrets.addAll(List.of(SITE, OWNER));
    return secrets;
  }

  /** The same refusal, down to its headers, whatever is cached of the repo. */
  private void sameElsewhere(Cell cell, String repo, Got got) {
    Map<String, List<String>> headers = new TreeMap<>(got.headers().map());
    headers.keySet().removeIf(name -> name.matches("(?i)date|x-request-id"));
    String looks = (got.status() + " " + headers + got.text()).replace(repo, "o/any");
    String place = cell.caller() + " " + cell.route() + " " + table.answer(cell);
    String before = refusals.putIfAbsent(place, looks);
    if (before != null && !before.equals(looks)) {
      wrong.add(cell + ": this refusal\n  " + looks + "\nis elsewhere\n  " + before);
    }
  }
}
