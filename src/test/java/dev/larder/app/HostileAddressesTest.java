package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.RawClient;
import dev.larder.http.RawClient.Response;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses and headers that try to make one object two, two objects one, or bytes a page. */
final class HostileAddressesTest extends SiteFixture {
  private static final int SIZE = 300_000;
  private static final String RESOLVE = "/hf/o/r/resolve/main/";

  private final byte[] bytes = Bytes.of(4, SIZE);

  private Response ask(String method, String target, String... lines) throws IOException {
    URI address = server().address();
    return RawClient.ask(
        new InetSocketAddress(address.getHost(), address.getPort()), method, target, lines);
  }

  private String origin() {
    return server().address().toString();
  }

  @Test
  void object_underEverySpelling_isOneBlobAndOneTransfer() throws IOException {
    repo.lfs("sub dir/x+y.bin", bytes).commit("main");
    List<String> spellings = new ArrayList<>();
    for (String path :
        List.of(
            "sub%20dir/x+y.bin",
            "sub%20dir%2Fx+y.bin", "sub%20dir%2fx%2By.bin", "%73ub%20dir/x%2by%2Ebin")) {
      spellings.add(RESOLVE + path);
      spellings.add(RESOLVE + path + "?download=true");
      spellings.add(RESOLVE + path + "?download=true&download=false&x=%zz");
      spellings.add(origin() + RESOLVE + path);
    }
    for (String spelling : spellings) {
      Response got = ask("GET", spelling);
      assertThat(got.status()).as(spelling).isEqualTo(200);
      assertThat(got.body()).as(spelling).isEqualTo(bytes);
    }
    assertThat(hub.fileBytesSent()).isEqualTo(SIZE);
    assertThat(stop().blobs()).hasSize(1);
  }

  @Test
  void plusInAnAddress_isAPlus() throws IOException {
    repo.file("a b", "blank").file("a+b", "plus").commit("main");

    assertThat(ask("GET", RESOLVE + "a+b").text()).isEqualTo("plus");
    assertThat(ask("GET", RESOLVE + "a%20b").text()).isEqualTo("blank");
  }

  @Test
  void branchAndPath_cutInAnotherPlace_areTwoObjects() throws IOException {
    repo.file("y/c", "c below y").commit("x");
    repo.remove("y/c").file("c", "c of x/y").commit("x/y");

    for (int round = 0; round < 2; round++) {
      assertThat(ask("GET", "/hf/o/r/resolve/x/y/c").text()).isEqualTo("c below y");
      assertThat(ask("GET", "/hf/o/r/resolve/x%2Fy/c").text()).isEqualTo("c of x/y");
      assertThat(ask("GET", "/hf/o/r/resolve/x%2Fy%2Fc").status()).isIn(400, 404);
      restart();
    }
  }

  /** One é as a character of its own, and as an e with a mark on it. */
  @Test
  void formsOfOneCharacter_areTwoObjects() throws IOException {
    repo.file("caf\u00e9", "one").file("cafe\u0301", "two").file("th\u00e9", "alone");
    repo.commit("main");

    for (int round = 0; round < 2; round++) {
      assertThat(ask("GET", RESOLVE + "caf%C3%A9").text()).isEqualTo("one");
      assertThat(ask("GET", RESOLVE + "cafe%CC%81").text()).isEqualTo("two");
      assertThat(ask("GET", RESOLVE + "th%C3%A9").text()).isEqualTo("alone");
      assertThat(ask("GET", RESOLVE + "the%CC%81").status()).isEqualTo(404);
      restart();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hf/o/r/resolve/main/model.bin/",
        "/hf/o/r/resolve/main//model.bin",
        "/hf/o/r/resolve/main/./model.bin",
        "/hf/o/r/resolve/main/x/../model.bin",
        "/hf/o/r/resolve/main/%2e/model.bin",
        "/hf/o/r/resolve/main/%2e%2e/main/model.bin",
        "/hf/o/r/resolve/main/%252e%252e/..%2fmodel.bin",
        "/hf/o/r/resolve/main/..%5c..%5cmodel.bin",
        "/hf/o/r/resolve/main/%2Fetc%2Fpasswd",
        "/hf/o/r/resolve/main/%2F%2F..%2Fmodel.bin",
        "/hf/o/r/resolve/main/model.bin%00",
        "/hf/o/r/resolve/main/model.bin%00.txt",
        "/hf/o/r/resolve/main/C%3a%5cmodel.bin",
        "/hf/o/r/resolve/main/model%ff.bin",
        "/hf/o/r/resolve/main/model%c0%ae.bin",
        "/hf/o/r/resolve/main/model%.bin",
        "/hf/o/r/resolve//model.bin",
        "/hf/o/r./resolve/main/model.bin",
        "/hf/o%2Fr/resolve/main/model.bin",
        "/hf/o/r%2f..%2fr/resolve/main/model.bin",
        "/hf/o/r;x=1/resolve/main/model.bin",
        "/hf/o/r%0d%0aX-Evil:%201/resolve/main/model.bin",
        "/hf/o/r/resolve/main%0d%0aX-Evil:%201/model.bin",
        "/hf/o/r/resolve/main/model.bin%0d%0aX-Evil:%201",
        "/hf/o/r/resolve/main/model.bin%0aX-Evil:%201",
        "/hf/api/models/o/r/tree/main/a%0d%0aX-Evil:%201",
        "/hf/api/models/o/r/revision/main%0d%0aX-Evil:%201",
        "/hf/api/resolve-cache/models/o/r/0123456789abcdef0123456789abcdef01234567/..%2fx"
      })
  void address_thatIsNotCanonical_is400AndNeverReachesTheHub(String target) throws IOException {
    repo.lfs("model.bin", bytes).commit("main");

    Response got = ask("GET", target);

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.headers()).doesNotContainKey("x-evil");
    assertThat(hub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hf/o/r/resolve/main/model.bin;x=1",
        "/hf/o/r/resolve/main/Model.bin",
        "/hf/o/r/resolve/main/model.bin%3Fx",
        "/hf/o/r/resolve/MAIN/model.bin",
        "/hf/o/r/Resolve/main/model.bin",
        "/HF/o/r/resolve/main/model.bin",
        "/hf%2Fo/r/resolve/main/model.bin",
        "//hf/o/r/resolve/main/model.bin",
        "/hf/o/R/resolve/main/model.bin"
      })
  void address_ofAnotherName_isNeverTheObject(String target) throws IOException {
    repo.lfs("model.bin", bytes).commit("main");
    assertThat(ask("GET", MODEL).body()).isEqualTo(bytes);

    Response got = ask("GET", target);

    assertThat(got.status()).isIn(400, 401, 404);
    assertThat(got.body().length).isLessThan(1000);
  }

  @Test
  void headersThatAreNotPartOfTheName_changeNoByteAndAreNotPassedOn() throws IOException {
    repo.lfs("model.bin", bytes).file("config.json", "{}").commit("main");
    String[] odd = {
      "Accept-Encoding: gzip, br",
      "Accept-Language: de",
      "Origin: https://evil.example",
      "Referer: https://evil.example/x",
      "Cookie: a=b",
      "X-Forwarded-Host: evil.example",
      "X-Forwarded-Proto: https",
      "Forwarded: host=evil.example",
      "X-Original-URL: /healthz",
      "X-HTTP-Method-Override: DELETE",
      "Accept: text/html"
    };
    String info = "/hf/api/models/o/r/revision/main";
    for (String target : List.of(MODEL, RESOLVE + "config.json", info)) {
      Response first = ask("GET", target, odd);
      Response second = ask("GET", target);
      Response third = ask("GET", target, odd);

      assertThat(List.of(first, second, third))
          .allSatisfy(got -> assertThat(got.status()).isEqualTo(200))
          .allSatisfy(got -> assertThat(got.body()).isEqualTo(first.body()))
          .allSatisfy(got -> assertThat(got.headers()).doesNotContainKey("content-encoding"))
          .allSatisfy(got -> assertThat(got.headers().toString()).doesNotContain("evil"));
    }
    assertThat(hub.requests())
        .isNotEmpty()
        .allSatisfy(
            asked ->
                assertThat(asked.headers().keySet())
                    .doesNotContain(
                        "accept-language",
                        "origin",
                        "referer",
                        "cookie",
                        "x-forwarded-host",
                        "forwarded",
                        "x-original-url",
                        "x-http-method-override"))
        .allSatisfy(asked -> assertThat(encoding(asked)).isIn("", "identity"))
        .allSatisfy(asked -> assertThat(asked.header("accept").orElse("")).doesNotContain("html"));
  }

  private static String encoding(HubRequest asked) {
    return asked.header("accept-encoding").orElse("");
  }

  @Test
  void rangeBombs_costOneTransferAndNoMoreThanTheWhole() throws IOException {
    repo.lfs("model.bin", bytes).commit("main");
    for (String range :
        List.of(
            "bytes=" + "0-,".repeat(1000) + "0-",
            "bytes=" + "0-0,".repeat(1000) + "1-1",
            "bytes=0-99999999999999999999999999",
            "bytes=99999999999999999999999999-",
            "bytes=-99999999999999999999999999",
            "bytes=9223372036854775807-9223372036854775807",
            "bytes=9223372036854775806-9223372036854775807",
            "bytes=-9223372036854775808",
            "bytes=5-4",
            "bytes=--5",
            "bytes=-0",
            "bytes=0--1")) {
      Response got = ask("GET", MODEL, "Range: " + range);
      assertThat(got.status()).as(range).isIn(200, 206, 416);
      assertThat(got.body().length).as(range).isLessThanOrEqualTo(SIZE);
      assertThat(got.header("content-type")).doesNotContain("multipart");
    }
    assertThat(hub.fileBytesSent()).isLessThanOrEqualTo(SIZE + SIZE / 100);
  }

  @Test
  void conditions_thatContradictEachOther_neverMixTwoRepresentations() throws IOException {
    repo.lfs("model.bin", bytes).commit("main");
    assertThat(ask("GET", MODEL).body()).isEqualTo(bytes);
    String tag = '"' + Bytes.digest(bytes).hex() + '"';

    assertThat(ask("GET", MODEL, "If-None-Match: *").status()).isEqualTo(304);
    assertThat(ask("GET", MODEL, "If-None-Match: \"x\", W/" + tag).status()).isEqualTo(304);
    assertThat(ask("GET", MODEL, "If-None-Match: " + tag, "Range: bytes=0-9").status())
        .isEqualTo(304);
    assertThat(ask("GET", MODEL, "If-None-Match: " + tag.replace("\"", "'")).body())
        .isEqualTo(bytes);
    // A weak tag, a date and another tag prove nothing, so the part is not given.
    for (String ifRange : List.of("W/" + tag, "\"x\"", "Thu, 01 Jan 2026 00:00:00 GMT", "*", "")) {
      Response got = ask("GET", MODEL, "Range: bytes=5-9", "If-Range: " + ifRange);
      assertThat(got.status()).as(ifRange).isEqualTo(200);
      assertThat(got.body()).isEqualTo(bytes);
    }
    assertThat(ask("GET", MODEL, "Range: bytes=5-9", "If-Range: " + tag).body()).hasSize(5);
  }

  @Test
  void conditions_ofACallerWhoMayNotRead_areNotAnswered() throws IOException {
    repo.lfs("model.bin", bytes).commit("main");
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    assertThat(ask("GET", MODEL, "Authorization: Bearer hf_ann").body()).isEqualTo(bytes);
    String tag = '"' + Bytes.digest(bytes).hex() + '"';

    for (String condition : List.of("*", tag, "W/" + tag)) {
      for (String method : List.of("GET", "HEAD")) {
        Response got = ask(method, MODEL, "If-None-Match: " + condition);
        assertThat(got.status()).as(condition).isEqualTo(401);
        assertThat(got.headers().toString()).doesNotContain(Bytes.digest(bytes).hex());
      }
    }
  }

  @Test
  void filesABrowserCouldRun_areDownloadsWithoutATypeAndInASandbox() throws IOException {
    Set<String> pages =
        Set.of(
            "x.html", "x.HTM", "x.svg", "x.js", "x.mjs", "x.xml", "x.xhtml", "x.pdf", "README.md");
    pages.forEach(name -> repo.file(name, "<script>alert(1)</script> of " + name));
    repo.commit("main");
    for (String name : pages) {
      for (String method : List.of("GET", "HEAD")) {
        Response got = ask(method, RESOLVE + name);
        assertThat(got.status()).as(name).isEqualTo(200);
        assertHarmless(got);
        String how = name.equals("README.md") ? "inline;" : "attachment;";
        assertThat(got.header("content-disposition")).as(name).startsWith(how);
      }
      assertHarmless(ask("GET", "/hf/o/r/raw/main/" + name));
    }
    assertHarmless(ask("GET", "/hf/api/models/o/r"));
    assertHarmless(ask("GET", RESOLVE + "%3Cscript%3Ealert(1)%3C%2Fscript%3E"));
    assertHarmless(ask("GET", "/hf/%3Cscript%3Ealert(1)"));
  }

  @Test
  void hubThatCallsADocumentAPage_isNotBelieved() throws IOException {
    repo.file("x.txt", "<script>alert(1)</script>").commit("main");
    hub.onPath("/raw/").header("Content-Type", "text/html; charset=utf-8").always();
    hub.onPath("/api/").header("Content-Type", "text/html; was=application/json").always();

    assertHarmless(ask("GET", "/hf/o/r/raw/main/x.txt"));
    assertHarmless(ask("GET", "/hf/api/models/o/r/revision/main"));
  }

  private static void assertHarmless(Response got) {
    assertThat(got.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(got.header("content-type").toLowerCase(Locale.ROOT))
        .matches("(text/plain|application/octet-stream|application/json)(;.*)?");
    boolean error = got.status() >= 400;
    assertThat(error || got.header("content-security-policy").contains("sandbox")).isTrue();
  }
}
