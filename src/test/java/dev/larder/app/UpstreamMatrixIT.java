package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.testing.HubRequest;
import dev.larder.testing.SelfSigned;
import dev.larder.upstream.WireSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that an upstream can do wrong, and what a client gets then: {@code
 * upstream-misbehaviour.txt} beside this class says it line by line.
 */
final class UpstreamMatrixIT {
  private static final String TABLE = "upstream-misbehaviour.txt";
  private static final String NOT_APPLICABLE = "-";
  private static final String DOCUMENT = "/hf/api/models/o/r/revision/main";
  private static final List<String> REFUSALS = List.of("RepoNotFound", "GatedRepo", "");
  private static final int SIZE = 300_000;
  private static final int MOST_REQUESTS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final WireSettings.MinimumRate SLOWEST =
      new WireSettings.MinimumRate(1024, Duration.ofSeconds(2));
  private static final Duration LATE = Duration.ofSeconds(61);

  /** The columns of the table, in order. */
  private enum Where {
    FILE_COLD,
    FILE_WARM,
    DOCUMENT_COLD,
    DOCUMENT_WARM,
    BYTES_ONCE,
    BYTES_ALWAYS;

    boolean warm() {
      return this == FILE_WARM || this == DOCUMENT_WARM;
    }

    boolean document() {
      return this == DOCUMENT_COLD || this == DOCUMENT_WARM;
    }

    boolean bytes() {
      return this == BYTES_ONCE || this == BYTES_ALWAYS;
    }
  }

  /** Most cells only wait: for a deadline, or for the upstream to be asked again. */
  private static final int AT_ONCE = 16;

  private static final ExecutorService CLIENTS = Executors.newVirtualThreadPerTaskExecutor();
  private static final Map<String, Map<Where, Future<String>>> OUTCOMES = new HashMap<>();

  /** Every cell at a hub and a server of its own, many at the same time. */
  @BeforeAll
  static void tryAll(@TempDir Path folder) throws IOException {
    Semaphore room = new Semaphore(AT_ONCE, true);
    for (Arguments row : rows().toList()) {
      String what = (String) row.get()[0];
      List<?> expected = (List<?>) row.get()[1];
      Map<Where, Future<String>> outcomes = new EnumMap<>(Where.class);
      for (Where where : Where.values()) {
        if (!expected.get(where.ordinal()).equals(NOT_APPLICABLE)) {
          Path root = Files.createDirectories(folder.resolve(what).resolve(where.name()));
          outcomes.put(where, CLIENTS.submit(() -> outcome(room, new Cell(what, where, root))));
        }
      }
      OUTCOMES.put(what, outcomes);
    }
  }

  private static String outcome(Semaphore room, Cell cell) throws Exception {
    room.acquire();
    try {
      return cell.outcome();
    } finally {
      room.release();
    }
  }

  @AfterAll
  static void end() {
    CLIENTS.shutdownNow();
    CLIENTS.close();
  }

  static Stream<Arguments> rows() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(UpstreamMatrixIT.class.getResourceAsStream(TABLE));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(UpstreamMatrixIT::row)
          .toList()
          .stream();
    }
  }

  private static Arguments row(String line) {
    List<String> columns = Stream.of(line.split("\\|")).map(String::strip).toList();
    assertThat(columns).as(line).hasSize(1 + Where.values().length);
    return Arguments.of(columns.getFirst(), columns.subList(1, columns.size()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void upstream_thatDoesWrong(String what, List<String> expected) throws Exception {
    for (Map.Entry<Where, Future<String>> outcome : OUTCOMES.get(what).entrySet()) {
      Where where = outcome.getKey();
      assertThat(List.of(expected.get(where.ordinal()).split(" or ")))
          .as("%s, %s", what, where)
          .contains(outcome.getValue().get());
    }
  }

  /** One misbehaviour at one place. */
  private static final class Cell extends SiteFixture {
    private final byte[] model = Bytes.of(5, SIZE);
    private final String what;
    private final Where where;
    private int size = SIZE;

    Cell(String what, Where where, Path root) {
      this.what = what;
      this.where = where;
      this.root = root;
    }

    String outcome() throws Exception {
      startHub();
      try {
        return tried();
      } finally {
        stopAll();
      }
    }

    private String tried() throws Exception {
      WireSettings wire =
          IMPATIENT.wire().withStallTimeout(Duration.ofMillis(1500)).withMinimumRate(SLOWEST);
      tuning = new Tuning(IMPATIENT.transfer(), wire, PATIENCE);
      repo.lfs("model.bin", model).commit("main");
      String path = where.document() ? DOCUMENT : MODEL;
      if (where.document()) {
        size = rawDocument().length;
      }
      if (where.warm()) {
        get(path);
        restart(); // So that all is written down.
        clock.pass(LATE);
      }
      server();
      misbehave();
      hub.clearLog();

      long started = System.nanoTime();
      Got got = get(path);
      Duration took = Duration.ofNanos(System.nanoTime() - started);

      assertThat(took).isLessThan(PATIENCE.multipliedBy(where.warm() ? 3 : 5));
      assertThat(hub.requests().size()).isLessThanOrEqualTo(MOST_REQUESTS);
      String outcome = outcome(got);
      assertHealed();
      return outcome;
    }

    private byte[] rawDocument() throws IOException {
      try (InputStream in =
          URI.create(hub.uri() + "/api/models/o/r/revision/main").toURL().openStream()) {
        return in.readAllBytes();
      }
    }

    private String outcome(Got got) {
      if (got.status() != 200) {
        assertThat(got.header("X-Error-Message")).isNotEmpty();
        assertThat(got.header("X-Error-Code")).isIn(got.status() >= 500 ? List.of("") : REFUSALS);
        return String.valueOf(got.status());
      }
      if (!got.complete()) {
        assertThat(got.body().length).isLessThan(SIZE);
        return "cut";
      }
      if (where.document()) {
        assertThat(got.text()).contains("\"sha\"", "model.bin");
      } else {
        assertThat(got.body()).isEqualTo(model);
      }
      assertThat(got.header("X-HF-Warning").isEmpty()).isNotEqualTo(got.cache().equals("STALE"));
      return switch (got.cache()) {
        case "MISS" -> "right";
        case "BYPASS" -> "past";
        case "HIT" -> "hit";
        case "STALE" -> "stale";
        default -> throw new AssertionError(got.cache());
      };
    }

    /** Nothing bad was kept, and nothing of it is remembered for long. */
    private void assertHealed() {
      hub.clearFaults();
      OnDisk disk = restart();
      assertThat(disk.blobs()).hasSizeLessThanOrEqualTo(1);
      hub.back();
      clock.pass(LATE);
      Got got = get(MODEL);
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.complete()).isTrue();
      assertThat(got.body()).isEqualTo(model);
      assertThat(got.cache()).isIn("HIT", "MISS");
      OnDisk healed = stop();
      assertThat(healed.blobs()).hasSize(1);
      assertThat(healed.unfinished()).isEmpty();
    }

    private void misbehave() throws Exception {
      switch (what) {
        case "refuses connections" -> hub.away();
        case "its name is unknown" -> restart("HUB_UPSTREAM", "http://hub.invalid");
        case "speaks no TLS" -> restart("HUB_UPSTREAM", "https://127.0.0.1:" + hub.uri().getPort());
        case "its certificate is its own" ->
            restart("HUB_UPSTREAM", SelfSigned.server(root).toString());
        case "fails every second time" -> {
          AtomicInteger count = new AtomicInteger();
          hub.on(r -> concerned(r) && count.getAndIncrement() % 2 == 0).status(500).always();
        }
        default -> {
          if (what.endsWith("the rest")) { // There has to be one.
            hub.onFile("").cutAfter(SIZE / 3);
          }
          HubFault fault = hub.on(r -> concerned(r) && rest(r));
          fault(fault.times(where == Where.BYTES_ONCE ? 1 : Integer.MAX_VALUE));
        }
      }
    }

    private boolean rest(HubRequest request) {
      return !what.endsWith("the rest")
          || request.range().filter(range -> !range.startsWith("bytes=0-")).isPresent();
    }

    private boolean concerned(HubRequest request) {
      return where.bytes() == (request.server() == HubRequest.Server.CDN);
    }

    private void fault(HubFault fault) {
      var _ =
          switch (what) {
            case "hangs up" -> fault.hangUp();
            case "resets the connection" -> fault.hangUp().reset();
            case "resets before the first byte" -> fault.cutAfter(0).reset();
            case "resets in the middle" -> fault.cutAfter(size / 2).reset();
            case "resets before the last byte" -> fault.cutAfter(size - 1).reset();
            case "ends before the first byte" -> fault.cutAfter(0);
            case "ends in the middle" -> fault.cutAfter(size / 2);
            case "ends before the last byte" -> fault.cutAfter(size - 1);
            case "is silent" -> fault.delay(Duration.ofSeconds(9));
            case "falls silent before the first byte" -> fault.stallAfter(0);
            case "falls silent in the middle" -> fault.stallAfter(size / 2);
            case "falls silent before the last byte" -> fault.stallAfter(size - 1);
            case "sends a byte a second" -> fault.throttle(1);
            case "sends more than declared" -> fault.lieAboutLength(-10);
            case "sends less than declared" -> fault.lieAboutLength(10);
            case "declares no length" -> fault.withoutLength();
            case "sends chunks" -> fault.chunked();
            case "never ends" -> fault.withoutLength().endless();
            case "never ends its chunks" -> fault.chunked().endless();
            case "ends before its last chunk" -> fault.chunked().cutAfter(size / 2);
            case "has its first byte wrong" -> fault.corrupt(0);
            case "has its middle byte wrong" -> fault.corrupt(size / 2);
            case "has its last byte wrong" -> fault.corrupt(size - 1);
            case "sends another object" -> fault.bytes(Bytes.of(6, size));
            case "sends all instead of the rest" -> fault.ignoreRange();
            case "sends another part than the rest" ->
                fault.header("Content-Range", "bytes 7-%d/%d".formatted(SIZE - 1, SIZE));
            case "has another entity tag for the rest" -> fault.etag("\"" + "e".repeat(64) + "\"");
            case "has a weak entity tag for the rest" -> fault.etag("W/\"1\"");
            case "compresses unasked" -> fault.gzip();
            case "answers a login page" -> fault.html();
            case "answers what is no HTTP" -> fault.rawHead("NOPE\r\n\r\n");
            case "sends a header of 1 MiB" -> fault.hugeHeader(1 << 20);
            case "redirects in a circle" -> fault.redirectTo(hub.uri() + "/o/r/resolve/main/a.bin");
            case "redirects to a file" -> fault.redirectTo("file:///etc/passwd");
            case "redirects to link-local" -> fault.redirectTo("http://169.254.169.254/latest");
            case "redirects with a password" -> fault.redirectTo("http://a:b@127.0.0.1/x");
            case "redirects to nowhere" -> fault.status(302);
            case "answers 429 for 60 s" -> fault.status(429, "Retry-After", "60");
            case "answers 429 until 2099" ->
                fault.status(429, "Retry-After", "Fri, 02 Jan 2099 12:00:00 GMT");
            case "answers 429 for ever" -> fault.status(429, "Retry-After", "99999999999999999999");
            case "answers 503 for 60 s" -> fault.status(503, "Retry-After", "60");
            default -> {
              assertThat(what).matches("answers [0-9]{3}");
              yield fault.status(Integer.parseInt(what.substring(8)));
            }
          };
    }
  }
}
