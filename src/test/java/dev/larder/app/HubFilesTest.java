package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeContent;
import dev.larder.testing.FakeFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What clients of the hub rely on when they ask for a file: headers, ranges, cold ones too. */
final class HubFilesTest extends HubSite {
  @Nested
  final class Description {
    @Test
    void headOfABranch_namesCommitEtagAndLength_withoutABody() {
      for (String path : List.of(MODEL, CONFIG)) {
        Got got = head(path);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.header("X-Repo-Commit")).isEqualTo(commit.hex());
        assertThat(got.header("ETag")).matches("\"[0-9a-f]{40,64}\"");
        assertThat(got.header("Content-Length")).isEqualTo(path.equals(MODEL) ? "300000" : "8");
        assertThat(got.body()).isEmpty();
      }
    }

    @Test
    void headAndGet_agree_coldAndWarm() {
      for (String path : List.of(MODEL, CONFIG)) {
        Got described = head(path);
        for (int round = 0; round < 2; round++) {
          Got got = get(path);
          for (String name :
              List.of(
                  "ETag", "Content-Length", "X-Repo-Commit", "X-Linked-Etag", "X-Linked-Size")) {
            assertThat(got.header(name)).as(name).isEqualTo(described.header(name));
          }
        }
      }
    }

    @Test
    void etagOfAGitFile_isTheGitIdOfItsBody() {
      Got got = get(CONFIG);
      assertThat(got.header("ETag"))
          .isEqualTo('"' + FakeContent.of(got.body()).gitId().hex() + '"');
    }

    @Test
    void etagOfALargeFile_isTheSha256OfItsBody() {
      Got got = get(MODEL);
      String sha256 = '"' + FakeContent.of(got.body()).sha256().hex() + '"';
      assertThat(got.header("ETag")).isEqualTo(sha256);
      assertThat(got.header("X-Linked-Etag")).isEqualTo(sha256);
    }

    @Test
    void gzipOffered_isNotTaken() {
      for (String path : List.of(MODEL, CONFIG)) {
        Got got = get(path, "Accept-Encoding", "gzip, deflate");
        assertThat(got.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(got.header("Content-Length")).isEqualTo("" + got.body().length);
      }
    }

    @Test
    void xetFileInfoWished_isAnsweredWithBytes() {
      Got got =
          get(MODEL, "Range", "bytes=0-0", "Accept", "application/vnd.xet-fileinfo+json, */*");
      assertThat(got.status()).isEqualTo(206);
      assertThat(got.header("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void nothingLeadsToXet() {
      for (String path :
          List.of(
              MODEL,
              CONFIG,
              "/hf/api/models/o/r?blobs=true",
              "/hf/api/models/o/r/tree/main?recursive=true&expand=true",
              "/hf/api/models?search=r")) {
        Got got = get(path);
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.headers().map().toString().toLowerCase(java.util.Locale.ROOT))
            .doesNotContain("xet");
        if (!path.contains("resolve")) {
          assertThat(got.text()).doesNotContain("xet");
        }
      }
    }

    @Test
    void file_isNeverARedirect_andTheTokenStaysAtTheHub() {
      repo.privateTo(ANN);
      Got got = as(ANN, MODEL);
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.body()).isEqualTo(weights);
      assertThat(hub.requests(r -> r.server() == dev.larder.testing.HubRequest.Server.CDN))
          .isNotEmpty()
          .noneMatch(dev.larder.testing.HubRequest::authorized);
    }
  }

  @Nested
  final class Ranges {
    private void assertPart(Got got, int from, int to) {
      assertThat(got.status()).isEqualTo(206);
      assertThat(got.header("Content-Range"))
          .isEqualTo("bytes " + from + "-" + (to - 1) + "/300000");
      assertThat(got.body()).isEqualTo(Arrays.copyOfRange(weights, from, to));
    }

    private void bothColdAndWarm(String range, int from, int to) {
      assertPart(get(MODEL, "Range", range), from, to);
      assertThat(get(MODEL).body()).isEqualTo(weights);
      assertPart(get(MODEL, "Range", range), from, to);
    }

    @Test
    void firstByte() {
      bothColdAndWarm("bytes=0-0", 0, 1);
    }

    @Test
    void tail() {
      bothColdAndWarm("bytes=299000-", 299_000, 300_000);
    }

    @Test
    void middle() {
      bothColdAndWarm("bytes=100000-100999", 100_000, 101_000);
    }

    @Test
    void beginningAtTheEnd_is416WithTheSize() {
      for (int round = 0; round < 2; round++) {
        Got got = get(MODEL, "Range", "bytes=300000-");
        assertThat(got.status()).isEqualTo(416);
        assertThat(got.header("Content-Range")).isEqualTo("bytes */300000");
        get(MODEL);
      }
    }

    @Test
    void endBeyondTheFile_isClamped() {
      bothColdAndWarm("bytes=299990-999999999", 299_990, 300_000);
    }

    @Test
    void ofAFileStillBeingPulled_bytesNotYetHere() throws Exception {
      repo.lfsGenerated("big.bin", 40 << 20, 7);
      Commit now = repo.commit("main");
      FakeFile big = repo.file(now, "big.bin");
      hub.throttle(4 << 20);
      String path = resolve(now, "big.bin");
      HttpResponse<InputStream> whole = open("GET", path);
      try (InputStream in = whole.body()) {
        assertThat(in.readNBytes(100)).hasSize(100);
        int from = 39 << 20;
        Got part = get(path, "Range", "bytes=" + from + "-" + (from + 999));
        assertThat(part.status()).isEqualTo(206);
        java.io.ByteArrayOutputStream due = new java.io.ByteArrayOutputStream();
        big.content().write(due, from, from + 1000);
        assertThat(part.body()).isEqualTo(due.toByteArray());
      }
    }
  }

  @Nested
  final class Cold {
    @Test
    void firstByteOfALargeFile_comesLongBeforeItsEnd() throws IOException {
      repo.lfsGenerated("huge.bin", 4L << 30, 3);
      Commit now = repo.commit("main");
      hub.throttle(8 << 20);
      long begin = System.nanoTime();
      assertThat(head("/hf/o/r/resolve/main/huge.bin").header("Content-Length"))
          .isEqualTo("" + (4L << 30));
      try (InputStream in = open("GET", resolve(now, "huge.bin")).body()) {
        assertThat(in.read()).isNotNegative();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void manyAtOnce_areOneFetch() {
      server();
      hub.throttle(2 << 20);
      List<CompletableFuture<Got>> all =
          IntStream.range(0, 30).mapToObj(_ -> getting(MODEL)).toList();
      all.forEach(got -> assertThat(got.join().body()).isEqualTo(weights));
      assertThat(hub.fileBytesSent()).isEqualTo(weights.length);
    }

    @Test
    void truncatedBody_neverEntersTheStore() {
      tuning = new Tuning(QUICK.transfer(), QUICK.wire(), Duration.ofSeconds(3));
      hub.onFile("model.bin").cutAfter(1000);
      hub.onFile("model.bin").always().cutAfter(0); // Else it would come in the end, bit by bit.
      Got got = get(MODEL);
      assertThat(got.status() != 200 || !got.complete()).isTrue();
      assertThat(stop().blobs()).isEmpty();
    }

    @Test
    void corruptedByte_isNeverAWholeFileAndNotStored() {
      hub.onFile("model.bin").always().corrupt(5000);
      Got got = get(MODEL);
      assertThat(got.status() == 502 || !got.complete()).isTrue();
      assertThat(got.body().length).isLessThan(weights.length);
      assertThat(stop().blobs()).isEmpty();
    }

    @Test
    void etagThatIsNoHash_isPassedOnAndNotStored() {
      hub.on(r -> r.concerns("config.json")).always().etag("\"v1-something\"");
      assertThat(get(CONFIG).text()).isEqualTo("{\"a\": 1}");
      assertThat(get(CONFIG).cache()).isEqualTo("BYPASS");
      assertThat(stop().blobs()).isEmpty();
    }

    @Test
    void emptyFiles_bothKinds_areWhole() {
      repo.file("empty.txt", "").lfs("empty.bin", Bytes.of(1, 0));
      repo.commit("main");
      for (String name : List.of("empty.txt", "empty.bin")) {
        for (int round = 0; round < 2; round++) {
          Got got = get("/hf/o/r/resolve/main/" + name);
          assertThat(got.status()).isEqualTo(200);
          assertThat(got.body()).isEmpty();
          assertThat(got.header("Content-Length")).isEqualTo("0");
          assertThat(get("/hf/o/r/resolve/main/" + name, "Range", "bytes=0-").status())
              .isEqualTo(416);
        }
      }
    }
  }
}
