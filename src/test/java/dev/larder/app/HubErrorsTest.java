package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What clients are told when there is no answer: by headers for programs, in words for people. */
final class HubErrorsTest extends HubSite {
  private static final String BAD_TOKEN = "Invalid credentials in Authorization header";

  private static void assertTold(Got got, int status, String code, String message) {
    assertThat(got.status()).isEqualTo(status);
    assertThat(got.header("X-Error-Code")).isEqualTo(code);
    assertThat(got.header("X-Error-Message")).isEqualTo(message);
    assertThat(got.header("X-Request-Id")).isNotEmpty();
  }

  @Nested
  final class NotThere {
    @Test
    void file_namesTheCommit_alsoTheSecondTime() {
      for (int round = 0; round < 2; round++) {
        Got got = get("/hf/o/r/resolve/main/none.txt");
        assertTold(got, 404, ENTRY, "Entry not found");
        assertThat(got.header("X-Repo-Commit")).isEqualTo(commit.hex());
        assertTold(head("/hf/o/r/resolve/main/none.txt"), 404, ENTRY, "Entry not found");
      }
    }

    @Test
    void revision_hasItsOwnCode() {
      for (String path :
          List.of(
              "/hf/o/r/resolve/none/config.json",
              "/hf/api/models/o/r/revision/none",
              "/hf/api/models/o/r/tree/none",
              "/hf/api/models/o/r/commits/none")) {
        assertTold(get(path), 404, "RevisionNotFound", "Invalid rev id");
      }
    }

    @Test
    void repo_isUnauthorizedForNobodyAndMissingForSomebody() {
      for (String path :
          List.of(
              "/hf/o/none/resolve/main/x",
              "/hf/api/models/o/none",
              "/hf/api/models/o/none/revision/main",
              "/hf/api/models/o/none/auth-check")) {
        assertTold(get(path), 401, "RepoNotFound", "Repository not found");
        assertTold(as(ANN, path), 404, "RepoNotFound", "Repository not found");
      }
    }

    @Test
    void folderOfAListing_isAMissingEntry() {
      assertTold(get("/hf/api/models/o/r/tree/main/none%2Fdeep"), 404, ENTRY, "Entry not found");
    }
  }

  @Nested
  final class NotForThisCaller {
    @Test
    void gated_is401ForNobodyAnd403ForOthers() {
      repo.gatedTo(ANN);
      String message = "Access to this model is restricted.";
      for (String path : List.of(CONFIG, MODEL, "/hf/api/models/o/r/auth-check")) {
        assertTold(get(path), 401, "GatedRepo", message);
        assertTold(as(BOB, path), 403, "GatedRepo", message);
        assertThat(as(ANN, path).status()).isEqualTo(200);
      }
    }

    @Test
    void hidden_isAsIfItWereNotThere() {
      repo.privateTo(ANN);
      for (String path : List.of(CONFIG, "/hf/api/models/o/r", "/hf/api/models/o/r/auth-check")) {
        assertTold(get(path), 401, "RepoNotFound", "Repository not found");
        assertTold(as(BOB, path), 404, "RepoNotFound", "Repository not found");
        assertThat(as(ANN, path).status()).isEqualTo(200);
      }
    }

    @Test
    void disabled_isToldByTheExactWords() {
      repo.disabled();
      for (String path :
          List.of(
              CONFIG,
              MODEL,
              "/hf/api/models/o/r",
              "/hf/api/models/o/r/tree/main",
              "/hf/api/models/o/r/auth-check")) {
        assertTold(get(path), 403, "", "Access to this resource is disabled.");
        assertTold(as(ANN, path), 403, "", "Access to this resource is disabled.");
        assertThat(json(get(path)).path("error").asString())
            .isEqualTo("Access to this resource is disabled.");
      }
    }

    @Test
    void badToken_isToldByTheExactWords() {
      repo.privateTo(ANN);
      assertTold(as("hf_nobody", CONFIG), 401, "", BAD_TOKEN);
      assertTold(as("hf_nobody", "/hf/api/models/o/r"), 401, "", BAD_TOKEN);
      assertTold(get(CONFIG, "Authorization", "Digest x"), 401, "", BAD_TOKEN);
    }

    @Test
    void whoAmI_ofNobody_isNotAMissingRepo() {
      Got got = get("/hf/api/whoami-v2");
      assertThat(got.status()).isEqualTo(401);
      assertThat(got.header("X-Error-Code")).isEmpty();
      assertThat(json(as(ANN, "/hf/api/whoami-v2")).path("name").asString()).isEqualTo("ann");
    }

    @Test
    void whoAmI_isAskedOnceAMinuteForEachToken_andARefusalEachTime() {
      for (int round = 0; round < 3; round++) {
        assertThat(json(as(ANN, "/hf/api/whoami-v2")).path("name").asString()).isEqualTo("ann");
        assertThat(json(as(BOB, "/hf/api/whoami-v2")).path("name").asString()).isEqualTo("bob");
      }
      assertThat(hub.requests()).hasSize(2);
      clock.pass(Duration.ofSeconds(61));
      assertThat(as(ANN, "/hf/api/whoami-v2").status()).isEqualTo(200);
      assertThat(hub.requests()).hasSize(3);
      for (int round = 0; round < 2; round++) {
        assertThat(as("hf_nobody", "/hf/api/whoami-v2").status()).isEqualTo(401);
        assertThat(get("/hf/api/whoami-v2").status()).isEqualTo(401);
      }
      assertThat(hub.requests()).hasSize(7);
    }

    @Test
    void authCheck_ofAPublicRepo_isAnEmptyYes() {
      Got got = get("/hf/api/models/o/r/auth-check");
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.body()).isEmpty();
    }

    @Test
    void authCheck_isAskedEveryTimeAndOfNoneButTheCaller() {
      repo.privateTo(ANN);
      assertThat(as(ANN, "/hf/api/models/o/r/auth-check").status()).isEqualTo(200);
      repo.privateTo(BOB);
      assertThat(as(ANN, "/hf/api/models/o/r/auth-check").status()).isEqualTo(404);
      assertThat(as(BOB, "/hf/api/models/o/r/auth-check").status()).isEqualTo(200);
    }
  }

  @Nested
  final class Form {
    @Test
    void body_isJsonWithTheError_andHeadHasTheHeadersAlone() {
      Got got = get("/hf/o/r/resolve/main/none.txt");
      assertThat(json(got).path("error").asString()).isEqualTo("Entry not found");
      assertThat(got.header("Content-Type")).startsWith("application/json");
      Got bare = head("/hf/o/r/resolve/main/none.txt");
      assertThat(bare.body()).isEmpty();
      assertThat(bare.header("X-Error-Code")).isEqualTo(ENTRY);
    }
  }

  @Nested
  final class HubAway {
    @Test
    void busyHub_isRetriedInAFewSeconds() {
      for (String status : List.of("429", "503")) {
        hub.clearFaults();
        hub.on(_ -> true).always().status(Integer.parseInt(status), "Retry-After", "3600");
        Got got = get("/hf/o/r/resolve/main/cold" + status + ".txt");
        assertThat(got.status()).isEqualTo(503);
        assertThat(got.header("Retry-After")).matches("[1-5]");
      }
    }

    @Test
    void cached_isServedStaleWithAWarning() {
      assertThat(get(MODEL).body()).isEqualTo(weights);
      assertThat(get("/hf/api/models/o/r/revision/main").status()).isEqualTo(200);
      clock.pass(Duration.ofSeconds(61));
      hub.away();
      for (String path : List.of(MODEL, "/hf/api/models/o/r/revision/main")) {
        Got got = get(path);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.cache()).isEqualTo("STALE");
        assertThat(got.header("X-HF-Warning")).contains("; ");
      }
      assertThat(get("/hf/api/models/o/r/auth-check").status()).isEqualTo(200);
    }

    @Test
    void notCached_isNever404() {
      assertThat(get(CONFIG).status()).isEqualTo(200);
      hub.away();
      for (String path :
          List.of(
              MODEL,
              "/hf/o/other/resolve/main/x",
              "/hf/api/models/o/other",
              "/hf/api/models/o/other/auth-check",
              "/hf/api/models?search=x",
              "/hf/api/whoami-v2")) {
        assertThat(get(path).status()).as(path).isIn(502, 503, 504);
        assertThat(get(path).header("X-Error-Code")).isEmpty();
      }
    }

    @Test
    void offline_notCached_isNever404() {
      start("OFFLINE", "true");
      for (String path : List.of(MODEL, "/hf/api/models/o/r", "/hf/api/models?search=x")) {
        assertThat(get(path).status()).as(path).isEqualTo(504);
      }
      assertThat(hub.requests()).isEmpty();
    }
  }
}
