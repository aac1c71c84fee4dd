package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.LeftOutFile;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.mirror.PulledFile;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code pull}, {@code ls}, {@code verify} and {@code stats} print, to the letter. */
class DataCommandsTest {
  private final CliFixture cli = new CliFixture();

  @Test
  void pull_nobodyWatches_printsThePathAlone() {
    cli.workshop.pulled = pulled(PulledFile.State.FETCHED);

    assertThat(cli.run("pull", "org/name@v1", "config.json", "onnx/")).isZero();
    assertThat(cli.out()).isEqualTo("/cache/snap\n");
    assertThat(cli.err()).isEmpty();
    PullRequest request = (PullRequest) cli.workshop.asked.getFirst();
    assertThat(request.repo()).isEqualTo(RepoId.model("org/name"));
    assertThat(request.revision()).isEqualTo(new Revision("v1"));
    assertThat(request.selection().files()).containsExactly("config.json", "onnx/");
    assertThat(request.dryRun()).isFalse();
    assertThat(cli.workshop.closed).isTrue();
  }

  @Test
  void pull_onATerminal_addsASummaryOnStderr() {
    cli.interactive = true;
    cli.workshop.pulled = pulled(PulledFile.State.FETCHED);

    cli.run("pull", "--type", "dataset", "org/name", "--include", "*.json", "--exclude", "x*");

    assertThat(cli.out()).isEqualTo("/cache/snap\n");
    assertThat(cli.err())
        .endsWith(
            "org/name at 0123456789ab: 2 files, 1.2 kB; 1 fetched (1.2 kB from upstream), 1 were here.\n");
    PullRequest request = (PullRequest) cli.workshop.asked.getFirst();
    assertThat(request.repo()).hasToString("datasets/org/name");
    assertThat(request.revision()).isEqualTo(Revision.MAIN);
    assertThat(request.selection().include()).containsExactly("*.json");
    assertThat(request.selection().exclude()).containsExactly("x*");
  }

  @Test
  void pull_dryRun_printsThePlanThenThePath() {
    cli.workshop.pulled = pulled(PulledFile.State.MISSING);

    cli.run("pull", "org/name", "--dry-run");

    assertThat(cli.out())
        .isEqualTo(
            """
            FILE           SIZE  STATE
            config.json    12 B  cached
            onnx/m.onnx  1.2 kB  missing
            Would fetch 1 of 2 files, 1.2 kB.
            /cache/snap
            """);
  }

  @Test
  void pull_filesAndPatterns_warnsThatPatternsAreIgnored() {
    cli.workshop.pulled = pulled(PulledFile.State.FETCHED);

    cli.run("pull", "org/name", "config.json", "--include", "*");

    assertThat(cli.err())
        .isEqualTo("larder: --include and --exclude are ignored, since files are named.\n");
  }

  @Test
  void pull_patternThatBroughtNothing_isNamedOnStderrAndInJson() {
    cli.workshop.pulled = pulled(PulledFile.State.FETCHED);

    int code = cli.run("pull", "org/name", "--include", "*.json", "--include", "*.safetensor");
    assertThat(code).isZero();
    assertThat(cli.out()).isEqualTo("/cache/snap\n");
    assertThat(cli.err())
        .isEqualTo("larder: --include '*.safetensor' selects no file of org/name.\n");
    cli.run("pull", "org/name", "--include", "*.json", "--include", "nix/", "--json");
    assertThat(cli.out()).contains("\"unmatched\" : [ \"nix/\" ]");
    assertThat(cli.err()).contains("'nix/'");
    cli.run("pull", "org/name", "--include", "*.json", "--include", "onnx/");
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void pull_json_hasCountsAndFiles() {
    cli.workshop.pulled = pulled(PulledFile.State.FETCHED);

    cli.run("pull", "org/name", "--json");

    assertThat(cli.out())
        .isEqualTo(
            """
            {
              "repo" : "org/name",
              "type" : "model",
              "revision" : "main",
              "commit" : "0123456789abcdef0123456789abcdef01234567",
              "path" : "/cache/snap",
              "location" : "primary",
              "dry_run" : false,
              "stale" : false,
              "size_bytes" : 1212,
              "missing_bytes" : 0,
              "bytes_from_upstream" : 1200,
              "files" : [ {
                "path" : "config.json",
                "size_bytes" : 12,
                "state" : "cached"
              }, {
                "path" : "onnx/m.onnx",
                "size_bytes" : 1200,
                "state" : "fetched"
              } ],
              "skipped" : [ ],
              "unmatched" : [ ]
            }
            """);
  }

  @Test
  void pull_filesLeftOut_areNamedOnStderrAndInJson() {
    PullResult all = pulled(PulledFile.State.FETCHED);
    cli.workshop.pulled =
        new PullResult(
            all.repo(),
            all.commit(),
            all.snapshot(),
            all.files(),
            all.upstreamBytes(),
            false,
            List.of(new LeftOutFile(new EntryPath("trail "), "a part ends in a space or a dot")));

    assertThat(cli.run("pull", "org/name")).isZero();
    assertThat(cli.out()).isEqualTo("/cache/snap\n");
    assertThat(cli.err())
        .isEqualTo(
            "larder: left out 1 file of org/name for its name: 'trail ' (a part ends in a space or a dot).\n");
    cli.run("pull", "org/name", "--json");
    assertThat(cli.out())
        .containsIgnoringWhitespaces(
            "\"skipped\": [{\"path\": \"trail \", \"reason\": \"a part ends in a space or a dot\"}]");
  }

  @Test
  void ls_isATableByName() {
    cli.workshop.listings.add(
        Listings.of("spaces/org/s", 999, Duration.ofSeconds(5), Duration.ofDays(1)));
    cli.workshop.listings.add(
        Listings.of("org/model", 1_500_000_000L, Duration.ofDays(3), Duration.ofDays(9)));

    cli.run("ls");

    assertThat(cli.out())
        .isEqualTo(
            """
            REPO            SIZE  FILES  LAST USED      REFS     STATE
            org/model     1.5 GB      2  3 days ago     main,v1  complete
            spaces/org/s   999 B      2  5 seconds ago  main,v1  complete
            """);
    cli.run("ls", "--quiet");
    assertThat(cli.out()).isEqualTo("org/model\nspaces/org/s\n");
    cli.run("ls", "--filter", "type=space", "--files");
    assertThat(cli.out())
        .isEqualTo(
            """
            REPO          COMMIT         SIZE  FILE
            spaces/org/s  0123456789ab   12 B  config.json
            spaces/org/s  0123456789ab  987 B  data/x.bin
            """);
  }

  @Test
  void ls_filterThatKeepsNothing_isNamedOnStderr() {
    cli.workshop.listings.add(Listings.of("org/a", 1_500, Duration.ofDays(3), Duration.ofDays(9)));

    assertThat(cli.run("ls", "--filter", "size>1", "--filter", "type=models")).isZero();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).isEqualTo("larder: --filter 'type=models' keeps none of 1 repos.\n");
  }

  @Test
  void ls_sort_putsTheLargestFirst_reverseTheSmallest() {
    cli.workshop.listings.add(Listings.of("org/a", 10, Duration.ofDays(1), Duration.ofDays(2)));
    cli.workshop.listings.add(Listings.of("org/b", 30, Duration.ofDays(3), Duration.ofDays(1)));
    cli.workshop.listings.add(Listings.of("org/c", 20, Duration.ofDays(2), Duration.ofDays(3)));

    assertThat(sorted("size")).isEqualTo("org/b\norg/c\norg/a\n");
    assertThat(sorted("size", "--reverse")).isEqualTo("org/a\norg/c\norg/b\n");
    assertThat(sorted("used")).isEqualTo("org/a\norg/c\norg/b\n");
    assertThat(sorted("modified")).isEqualTo("org/b\norg/a\norg/c\n");
    assertThat(sorted("name", "--reverse")).isEqualTo("org/c\norg/b\norg/a\n");
    assertThat(cli.run("ls", "--sort", "colour")).isEqualTo(ExitCodes.USAGE);
  }

  private String sorted(String... how) {
    List<String> all = new ArrayList<>(List.of("ls", "--quiet", "--sort"));
    all.addAll(List.of(how));
    cli.run(all.toArray(String[]::new));
    return cli.out();
  }

  @Test
  void ls_filesSkipped_areCountedBesideTheState() {
    var all = Listings.of("org/a", 1_500, Duration.ofDays(3), Duration.ofDays(9));
    cli.workshop.listings.add(Listings.skipping(all, "aux.py"));

    cli.run("ls");
    assertThat(cli.out()).endsWith("complete (1 file skipped for its name)\n");
    cli.run("ls", "--json");
    assertThat(cli.out())
        .contains("\"state\" : \"complete\"", "\"path\" : \"aux.py\"", "\"reason\" : \"");
  }

  @Test
  void ls_filesThatTheStoreAloneHas_areToldFromThoseInTheTree() {
    var all = Listings.of("org/a", 1_500, Duration.ofDays(3), Duration.ofDays(9));
    cli.workshop.listings.add(Listings.hiding(all, 1));
    cli.run("ls");
    assertThat(cli.out()).endsWith("complete, 1 file not in the tree\n");

    cli.workshop.listings.set(0, Listings.hiding(all, 2));
    cli.run("ls");
    assertThat(cli.out()).endsWith("complete, not in the tree\n");
    cli.run("ls", "--json");
    assertThat(cli.out()).contains("\"hidden_files\" : 2", "\"path\" : null");
  }

  @Test
  void ls_json_isOneObjectPerRepo() {
    cli.workshop.listings.add(
        Listings.of("org/model", 1_500, Duration.ofDays(3), Duration.ofDays(9)));

    cli.run("ls", "--json", "--files");

    assertThat(cli.out())
        .isEqualTo(
            """
            [ {
              "source" : "hf",
              "repo" : "org/model",
              "type" : "model",
              "location" : "primary",
              "path" : "/cache/hub/models--org--model",
              "size_bytes" : 1500,
              "added_bytes" : 1500,
              "file_count" : 2,
              "hidden_files" : 0,
              "last_used" : "2026-01-31T04:05:06Z",
              "last_modified" : "2026-01-25T04:05:06Z",
              "refs" : [ "main", "v1" ],
              "commits" : {
                "main" : "0123456789abcdef0123456789abcdef01234567",
                "v1" : "0123456789abcdef0123456789abcdef01234567"
              },
              "state" : "complete",
              "pinned" : false,
              "problems" : [ ],
              "skipped" : [ ],
              "files" : [ {
                "commit" : "0123456789abcdef0123456789abcdef01234567",
                "path" : "config.json",
                "size_bytes" : 12,
                "blob" : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
              }, {
                "commit" : "0123456789abcdef0123456789abcdef01234567",
                "path" : "data/x.bin",
                "size_bytes" : 1488,
                "blob" : null
              } ]
            } ]
            """);
  }

  @Test
  void ls_nothing_printsNothing() {
    assertThat(cli.run("ls")).isZero();
    assertThat(cli.out()).isEmpty();
    cli.run("ls", "--json");
    assertThat(cli.out()).isEqualTo("[ ]\n");
  }

  @Test
  void verify_damageLeft_isExit4() {
    cli.workshop.verified =
        new VerifyReport(
            3,
            5000,
            List.of(
                finding(Finding.Kind.DAMAGED_BLOB, "sha256:ab", true),
                finding(Finding.Kind.TORN_REF, "org/name main", false)));

    assertThat(cli.run("verify", "org/name@v1")).isEqualTo(4);
    assertThat(cli.out())
        .isEqualTo(
            """
            damaged blob: sha256:ab: It is wrong. Repaired.
            torn ref: org/name main: It is wrong.
            Checked 3 blobs, 5.0 kB: 2 found, 1 repaired, 1 left. 'larder verify --repair' writes refs and links again.
            """);
    VerifyRequest request = (VerifyRequest) cli.workshop.asked.getFirst();
    assertThat(request.targets()).hasToString("[org/name@v1]");
    assertThat(request.repair()).isFalse();
    assertThat(cli.run("verify", "--json")).isEqualTo(4);
    assertThat(cli.out())
        .contains("\"sound\" : false", "\"kind\" : \"damaged_blob\"", "\"repaired\" : true");
  }

  @Test
  void verify_quarantinedWithoutAnOrigin_isNotCalledRepaired() {
    cli.workshop.verified =
        new VerifyReport(
            1,
            5,
            List.of(
                new Finding(
                    Finding.Kind.DAMAGED_BLOB,
                    "sha256:ab",
                    "It is wrong.",
                    Finding.Outcome.QUARANTINED)));

    assertThat(cli.run("verify", "--repair")).isEqualTo(4);
    assertThat(cli.out())
        .isEqualTo(
            """
            damaged blob: sha256:ab: It is wrong. Not repaired.
            Checked 1 blob, 5 B: 1 found, 0 repaired, 1 quarantined without a replacement, 0 left.
            """);
    assertThat(cli.run("verify", "--repair", "--json")).isEqualTo(4);
    assertThat(cli.out())
        .contains("\"sound\" : false", "\"repaired\" : false", "\"outcome\" : \"quarantined\"");
  }

  @Test
  void verify_addresses_areTargetsAsForPull() {
    cli.workshop.verified = new VerifyReport(1, 10, List.of());

    cli.run(
        "verify",
        "hf://datasets/org/name@v1/data/x.bin",
        "https://huggingface.co/org/name/tree/main/onnx",
        "org/name");

    assertThat(((VerifyRequest) cli.workshop.asked.getFirst()).targets())
        .extracting(Object::toString)
        .containsExactly("datasets/org/name@v1:data/x.bin", "org/name@main:onnx/", "org/name");
    assertThat(cli.run("verify", "https://example.org/org/name")).isEqualTo(2);
  }

  @Test
  void verify_namesWithEscapeSequences_doNotReachTheTerminal() {
    String detail = "snapshots/x\33[2J leads to \u202egnp.exe, outside the cache.";
    cli.workshop.verified =
        new VerifyReport(
            1,
            10,
            List.of(
                new Finding(Finding.Kind.DANGLING_LINK, "org/n", detail, Finding.Outcome.LEFT)));

    cli.run("verify");
    assertThat(cli.out())
        .contains("Checked 1 blob, 10 B")
        .contains("snapshots/x\\u{1b}[2J leads to \\u{202e}gnp.exe")
        .doesNotContain("\33", "\u202e");
  }

  @Test
  void verify_allRepaired_isExit0() {
    cli.workshop.verified =
        new VerifyReport(1, 5, List.of(finding(Finding.Kind.DAMAGED_BLOB, "x", true)));

    assertThat(cli.run("verify", "--repair")).isZero();
    cli.workshop.verified = new VerifyReport(1, 5, List.of());
    assertThat(cli.run("verify")).isZero();
    assertThat(cli.out()).isEqualTo("Checked 1 blob, 5 B: all sound.\n");
    cli.workshop.verified = new VerifyReport(2, 3_400_000_000L, List.of(), 2_000);
    cli.run("verify");
    assertThat(cli.out()).isEqualTo("Checked 2 blobs, 3.4 GB in 2.0 s (1.70 GB/s): all sound.\n");
    cli.run("verify", "--json");
    assertThat(cli.out()).contains("\"bytes_per_second\" : 1700000000");
  }

  @Test
  void stats_table_hasATotal() {
    cli.workshop.counted = stats();

    cli.run("stats", "--since", "7d");

    assertThat(cli.out())
        .isEqualTo(
            """
            SOURCE  OBJECT    HITS  MISSES  JOINED  STALE  BYPASSED  SERVED  UPSTREAM  SAVED
            hf      org/name     9       1       0      0         0  1.0 MB  100.0 kB   90 %
            hf      org/cold     0       1       0      0         0    10 B      10 B    0 %
            total                9       2       0      0         0  1.0 MB  100.0 kB   90 %
            900.0 kB did not have to be fetched from upstream.
            """);
    assertThat(cli.workshop.asked)
        .containsExactly(Optional.of(CliFixture.NOW.minus(Duration.ofDays(7))));
  }

  @Test
  void stats_byCallerAndDay_andTheTimeThatWasSaved() {
    var row = new StatsReport.Traffic("hf", "org/name", 9, 3, 3_000_000, 1_000_000, 1, 2, 1, 2_000);
    var ci = new StatsReport.Traffic("hf", "ci", 4, 0, 1, 0);
    var day = new StatsReport.Traffic("hf", "2026-02-01", 9, 3, 1, 0);
    cli.workshop.counted =
        new StatsReport(Optional.empty(), List.of(row), List.of(), List.of(ci), List.of(day));

    cli.run("stats", "--by", "caller");
    assertThat(cli.out())
        .contains("CALLER", "ci  ")
        .endsWith(
            "2.0 MB did not have to be fetched from upstream, which would have taken about 4 s at"
                + " the 500.0 kB/s that one connection brought.\n");
    cli.run("stats", "--by", "day");
    assertThat(cli.out()).contains("DAY", "2026-02-01");
    cli.run("stats", "--by", "source");
    assertThat(cli.out()).doesNotContain("org/name");
    cli.run("stats", "--json");
    assertThat(cli.out())
        .contains("\"joined\" : 1", "\"bytes_saved\" : 2000000", "\"seconds_saved\" : 4");
    assertThat(cli.run("stats", "--by", "colour")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void stats_json_hasTheNamedCounters() {
    cli.workshop.counted = stats();

    cli.run("stats", "--json");

    assertThat(cli.out())
        .startsWith(
            """
            {
              "hits" : 9,
              "misses" : 2,
              "bytes_served" : 1000010,
              "bytes_from_upstream" : 100010,
              "joined" : 0,
              "stale" : 0,
              "bypassed" : 0,
              "since" : null,
              "sources" : [ {
                "source" : "hf",
                "hits" : 9,
            """);
  }

  @Test
  void stats_ofAHubThatLimits_sayHowMuchIsLeft() {
    cli.workshop.counted =
        stats()
            .with(
                List.of(
                    new StatsReport.Limit(
                        "hf",
                        "api",
                        false,
                        Optional.of(0L),
                        Optional.of(500L),
                        Optional.of(300L),
                        55),
                    new StatsReport.Limit(
                        "hf",
                        "resolvers",
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0)));

    cli.run("stats");

    assertThat(cli.out())
        .endsWith(
            """
            The upstream of hf limits "api": 0 of 500 questions left in a window of 300 s; it is not asked for another 55 s.
            The upstream of hf limits "resolvers" of a token: an unknown number of questions left.
            """);

    cli.run("stats", "--json");

    assertThat(cli.out())
        .contains(
            """
              "upstream_limits" : [ {
                "source" : "hf",
                "bucket" : "api",
                "of_a_token" : false,
                "remaining" : 0,
                "quota" : 500,
                "window_seconds" : 300,
                "rest_seconds" : 55
              }, {
            """);
  }

  private static StatsReport stats() {
    return new StatsReport(
        Optional.empty(),
        List.of(
            new StatsReport.Traffic("hf", "org/name", 9, 1, 1_000_000, 100_000),
            new StatsReport.Traffic("hf", "org/cold", 0, 1, 10, 10)));
  }

  private static Finding finding(Finding.Kind kind, String subject, boolean repaired) {
    return new Finding(
        kind, subject, "It is wrong.", repaired ? Finding.Outcome.REPAIRED : Finding.Outcome.LEFT);
  }

  private static PullResult pulled(PulledFile.State state) {
    boolean fetched = state == PulledFile.State.FETCHED;
    return new PullResult(
        RepoId.model("org/name"),
        Listings.COMMIT,
        Path.of("/cache/snap"),
        List.of(
            new PulledFile(new EntryPath("config.json"), 12, PulledFile.State.CACHED),
            new PulledFile(new EntryPath("onnx/m.onnx"), 1200, state)),
        fetched ? 1200 : 0,
        false,
        List.of());
  }

  @Test
  void why_ofAHashThatIsNone_saysWhatAHashIs() {
    assertThat(cli.run("why", "sha256:abc")).isEqualTo(ExitCodes.USAGE);
    assertThat(cli.err()).contains("'sha256:abc' is no hash", "64 digits");
    assertThat(cli.workshop.asked).isEmpty();
  }
}
