package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.core.OutputStreamAppender;
import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens;
import dev.larder.content.Commit;
import dev.larder.store.StoreLock;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Tokens and signed addresses go through everything that a server does, well and badly. Then all
 * that it said and wrote is searched for them: answers, the log down to its finest level, names and
 * contents of every file below the root, the catalog among them.
 */
final class CanaryTest extends SiteFixture {
  private static final String ANN = "hf_ann_canary";
  private static final String BOB = "hf_bob_canary";
  private static final String SITE = "hf_site_canary";
  private static final String STRAY = "hf_stray_canary";
  private static final String ADMIN = "admin-canary-of-this-larder";
  private static final Duration LATE = Duration.ofSeconds(61);

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Logger all = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final OutputStreamAppender<ch.qos.logback.classic.spi.ILoggingEvent> appender =
      new OutputStreamAppender<>();
  private final Level before = all.getLevel();
  private final List<String> answers = new ArrayList<>();
  private String granted = "";

  /** Whatever is logged, with exceptions and their causes. */
  @BeforeEach
  void listen() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(all.getLoggerContext());
    encoder.setPattern("%level %thread %logger %msg %kvp %mdc %ex{full}%n");
    encoder.start();
    appender.setContext(all.getLoggerContext());
    appender.setEncoder(encoder);
    appender.setOutputStream(said);
    appender.start();
    all.addAppender(appender);
    all.setLevel(Level.TRACE);
    all.iteratorForAppenders()
        .forEachRemaining(
            each -> {
              if (each != appender) {
                each.addFilter(new Quiet());
              }
            });
  }

  @AfterEach
  void stopListening() {
    all.setLevel(before);
    all.detachAppender(appender);
    all.iteratorForAppenders().forEachRemaining(each -> each.clearAllFilters());
  }

  /** The console stays as it was. */
  private static final class Quiet
      extends ch.qos.logback.core.filter.Filter<ch.qos.logback.classic.spi.ILoggingEvent> {
    @Override
    public ch.qos.logback.core.spi.FilterReply decide(
        ch.qos.logback.classic.spi.ILoggingEvent event) {
      return event.getLevel().isGreaterOrEqual(Level.WARN)
          ? ch.qos.logback.core.spi.FilterReply.NEUTRAL
          : ch.qos.logback.core.spi.FilterReply.DENY;
    }
  }

  private Map<String, String> canaries() {
    Map<String, String> canaries = new LinkedHashMap<>();
    for (String token : List.of(ANN, BOB, SITE, STRAY, ADMIN, granted)) {
      canaries.put("token " + token, token);
      canaries.put(
          "plain hash of " + token, Bytes.digest(token.getBytes(StandardCharsets.UTF_8)).hex());
      canaries.put(
          "base64 of " + token,
          java.util.Base64.getEncoder()
              .withoutPadding()
              .encodeToString(token.getBytes(StandardCharsets.UTF_8)));
    }
    canaries.put("signature", "Signature=sig");
    canaries.put("policy", "eyJTdGF0ZW1lbnQi");
    return canaries;
  }

  private void everyWay() {
    Commit commit = repo.lfs("model.bin", Bytes.of(3, 300_000)).file("a.txt", "a").commit("main");
    for (String token : List.of(ANN, BOB, SITE)) {
      hub.token(token, token.substring(3, 6));
    }
    start("UPSTREAM_TOKEN", SITE, "ADMIN_TOKEN", ADMIN);
    Tokens tokens = server().house().access().tokens();
    tokens.change(new Tokens.GrantChange("team", List.of(RepoPattern.parse("o/*")), List.of()));
    granted = tokens.create(new Tokens.Wish("ci", Set.of("team"), Optional.empty())).token();
    askAll(commit);
    repo.gatedTo(ANN, SITE);
    clock.pass(LATE);
    askAll(commit);
    repo.privateTo(ANN, SITE);
    clock.pass(LATE);
    askAll(commit);
    misbehave(commit);
    tokens.revoke("ci");
    askAll(commit);
    hub.away();
    clock.pass(LATE);
    askAll(commit);
    hub.back();
  }

  /** Whatever may go wrong on the way to the bytes, where addresses are signed. */
  private void misbehave(Commit commit) {
    int number = 0;
    for (var fault :
        List.<java.util.function.Consumer<dev.larder.testing.HubFault>>of(
            f -> f.status(403),
            f -> f.status(500),
            f -> f.status(429, "Retry-After", "1"),
            f -> f.html(),
            f -> f.hangUp(),
            f -> f.gzip(),
            f -> f.redirectTo("http://10.0.0.1/x?Signature=sig0"),
            f -> f.redirectTo("ftp://x/?Signature=sig0"),
            f -> f.redirectTo("::not an address?Signature=sig0"),
            f -> f.rawHead("nonsense Signature=sig0\r\n\r\n"),
            f -> f.corrupt(5),
            f -> f.cutAfter(1000),
            f -> f.lieAboutLength(10))) {
      repo.lfs("model.bin", Bytes.of(100 + number++, 150_000)).commit("main");
      clock.pass(LATE);
      fault.accept(hub.on(r -> r.server() == HubRequest.Server.CDN).times(2));
      note(get(MODEL, "Authorization", "Bearer " + ANN));
      hub.clearFaults();
      hub.expireLinks();
      fault.accept(
          hub.on(r -> r.server() == HubRequest.Server.HUB && r.token().isPresent()).times(2));
      note(get(resolve(commit, "model.bin"), "Authorization", "Bearer " + BOB));
      hub.clearFaults();
    }
  }

  private void askAll(Commit commit) {
    for (String token : List.of(ANN, BOB, STRAY, ADMIN, granted, "hf_larder" + ANN, "two " + ANN)) {
      for (String path :
          List.of(
              MODEL,
              resolve(commit, "a.txt"),
              "/hf/o/r/resolve/main/none",
              "/hf/o/r/raw/main/a.txt",
              "/hf/api/models/o/r",
              "/hf/api/models/o/r/tree/main",
              "/hf/api/whoami-v2",
              "/api/tokens",
              "/api/nothing",
              "/elsewhere",
              "/hf/o/r/resolve/main/bad%FF")) {
        note(get(path, "Authorization", "Bearer " + token));
      }
    }
    clock.pass(LATE);
    note(get("/api/store/repos", "Authorization", "Bearer " + ADMIN));
    note(get("/api/tokens", "Authorization", "Bearer " + ADMIN));
    note(get("/api/grants", "Authorization", "Bearer " + ADMIN));
    note(get("/api/store/stats", "Authorization", "Bearer " + ADMIN));
  }

  private void note(Got got) {
    // A file's own bytes are what they are.
    answers.add(got.headers().map() + (got.body().length > 50_000 ? "" : got.text()));
  }

  @Test
  void tokensAndSignedAddresses_areNowhere() throws IOException {
    everyWay();
    String secret =
        switch (StoreLock.attempt(root.resolve("larder"))) {
          case StoreLock.Attempt.Theirs(var owner) -> owner.orElseThrow().secret();
          case StoreLock.Attempt.Mine _ -> throw new AssertionError("the server holds no lock");
        };
    List<String> found = new ArrayList<>(searchFiles("running"));
    stop();
    found.addAll(searchFiles("stopped"));
    assertThat(said.size()).as("the log was heard").isGreaterThan(10_000);
    found.addAll(search("log", said.toString(StandardCharsets.UTF_8)));
    found.addAll(search("answer", String.join("\n", answers)));
    found.addAll(search("process", Files.readString(Path.of("/proc/self/cmdline"))));
    assertThat(found).isEmpty();
    assertThat(said.toString(StandardCharsets.UTF_8) + answers).doesNotContain(secret);
  }

  private List<String> searchFiles(String when) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        found.addAll(search(when + " name " + file, file.toString()));
        if (Files.isRegularFile(file)) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          found.addAll(search(when + " " + file, text));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private List<String> search(String where, String text) {
    List<String> found = new ArrayList<>();
    canaries()
        .forEach(
            (what, canary) -> {
              int at = text.indexOf(canary);
              if (!canary.isEmpty() && at >= 0) {
                String around =
                    text.substring(Math.max(0, at - 150), Math.min(text.length(), at + 80));
                found.add(what + " in " + where + ": …" + around + "…");
              }
            });
    return found;
  }
}
