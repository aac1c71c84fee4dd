package dev.larder.upstream.huggingface;

import static dev.larder.upstream.huggingface.HubFixture.BUDGET;
import static dev.larder.upstream.huggingface.HubFixture.REPO;
import static dev.larder.upstream.huggingface.HubFixture.TOKEN;
import static dev.larder.upstream.huggingface.HubFixture.here;
import static dev.larder.upstream.huggingface.HubFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import dev.larder.content.Revision;
import dev.larder.testing.HubRequest;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException.UpstreamLied;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HubDocumentsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private final HubFixture fixture = new HubFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Found<Document> ask(DocumentRequest request) {
    return fixture.client.document(request, Credential.ANONYMOUS, BUDGET, Reserve.UNLIMITED);
  }

  private JsonNode json(DocumentRequest request) {
    byte[] body = here(ask(request)).body();
    assertThat(new String(body, StandardCharsets.UTF_8)).doesNotContainIgnoringCase("xet");
    return JSON.readTree(body);
  }

  private static DocumentRequest.Tree tree(boolean recursive) {
    return new DocumentRequest.Tree(REPO, Revision.MAIN, Optional.empty(), recursive, false);
  }

  @Test
  void info_isPassedOnWithoutXet() {
    JsonNode info = json(new DocumentRequest.Info(REPO, Optional.of(Revision.MAIN), "blobs=true"));
    assertThat(info.path("sha").asString()).isEqualTo(fixture.commit.hex());
    assertThat(info.path("siblings")).hasSize(2);
    assertThat(info.path("siblings").get(1).path("lfs").path("sha256").asString()).hasSize(64);
    assertThat(fixture.hub.requests().getFirst().target())
        .isEqualTo("/api/models/org/name/revision/main?blobs=true");
    json(new DocumentRequest.Info(REPO, Optional.empty(), ""));
    assertThat(fixture.hub.requests().getLast().target()).isEqualTo("/api/models/org/name");
  }

  @Test
  void info_ofRenamedRepo_isFollowed() {
    RepoId old = RepoId.model("gpt2");
    fixture.hub.rename(old, REPO);
    JsonNode info = json(new DocumentRequest.Info(old, Optional.of(Revision.MAIN), ""));
    assertThat(info.path("id").asString()).isEqualTo("org/name");
  }

  @Test
  void tree_joinsAllPages() {
    for (int i = 0; i < 50; i++) {
      fixture.repo.file("d/f%02d".formatted(i), "x" + i);
    }
    fixture.repo.commit("main");
    fixture.hub.pageSize(7);
    JsonNode all = json(tree(true));
    assertThat(all).hasSize(54);
    assertThat(all.get(0).path("path").asString()).isEqualTo("config.json");
    assertThat(fixture.hub.requests()).hasSize(8);
    assertThat(fixture.hub.requests().getFirst().query()).isEqualTo("recursive=true&expand=false");
  }

  @Test
  void tree_ofAFolder_isAskedForAsOneSegment() {
    fixture.repo.file("a/b/c.txt", "x").commit("main");
    json(
        new DocumentRequest.Tree(
            REPO, Revision.MAIN, Optional.of(new EntryPath("a/b")), false, true));
    assertThat(fixture.hub.requests().getLast().target())
        .isEqualTo("/api/models/org/name/tree/main/a%2Fb?recursive=false&expand=true");
  }

  @Test
  void tree_whoseNextPageIsElsewhere_staysAtTheHub() {
    fixture.hub.pageSize(1);
    fixture.hub.onPath("/tree/").header("Link", "<http://10.0.0.1/x?cursor=1>; rel=\"next\"");
    assertThat(json(tree(true))).isNotEmpty();
    assertThat(fixture.hub.requests()).allMatch(r -> r.path().contains("/tree/main"));
  }

  @Test
  void tree_withoutEnd_isALie() {
    fixture.hub.onPath("/tree/").always().header("Link", "<?cursor=0>; rel=\"next\"");
    assertThatThrownBy(() -> ask(tree(true)))
        .isInstanceOf(UpstreamLied.class)
        .hasMessageContaining("no end");
  }

  @Test
  void tree_ofMissingFolder_isARefusal() {
    var missing =
        new DocumentRequest.Tree(
            REPO, Revision.MAIN, Optional.of(new EntryPath("none")), true, false);
    assertThat(refusal(ask(missing)).code()).isEqualTo(Found.Refusal.NO_ENTRY);
  }

  @Test
  void refs_namesBranchesTagsAndConverts() {
    fixture.repo.tag("v1", fixture.commit).ref("refs/convert/parquet", fixture.commit);
    JsonNode refs = json(new DocumentRequest.Refs(REPO, ""));
    assertThat(refs.path("branches").get(0).path("name").asString()).isEqualTo("main");
    assertThat(refs.path("tags")).hasSize(1);
    assertThat(refs.path("converts")).hasSize(1);
  }

  @Test
  void pathsInfo_omitsUnknownPaths() {
    var request =
        new DocumentRequest.PathsInfo(
            REPO, Revision.MAIN, List.of("sub/model 1.bin", "no & such=file", "sub"), true);
    JsonNode found = json(request);
    assertThat(found).hasSize(2);
    HubRequest asked = fixture.hub.requests().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(new String(asked.body(), StandardCharsets.UTF_8)).endsWith("expand=true");
  }

  @Test
  void commits_areOnePageWithTheQueryOfTheNext() {
    fixture.repo.file("b", "b").commit("main");
    Document page = here(ask(new DocumentRequest.Commits(REPO, Revision.MAIN, "limit=1")));
    assertThat(JSON.readTree(page.body())).hasSize(1);
    assertThat(page.nextQuery()).contains("limit=1&cursor=1");
  }

  @Test
  void raw_givesThePointerOfALargeFile() {
    Document raw = here(ask(new DocumentRequest.Raw(REPO, Revision.MAIN, HubFixture.MODEL)));
    assertThat(new String(raw.body(), StandardCharsets.UTF_8))
        .startsWith("version https://git-lfs");
    assertThat(raw.contentType()).startsWith("text/plain");
    assertThat(raw.headers()).containsEntry("x-repo-commit", fixture.commit.hex());
  }

  @Test
  void whoAmI_isTheTokens() {
    fixture.hub.token("hf_canary", "me");
    Document me =
        here(
            fixture.client.document(
                new DocumentRequest.WhoAmI(), TOKEN, BUDGET, Reserve.UNLIMITED));
    assertThat(JSON.readTree(me.body()).path("name").asString()).isEqualTo("me");
    assertThat(refusal(ask(new DocumentRequest.WhoAmI())).status()).isEqualTo(401);
  }

  @Test
  void document_thatIsALoginPage_isALie() {
    fixture.hub.onPath("/refs").html();
    assertThatThrownBy(() -> ask(new DocumentRequest.Refs(REPO, "")))
        .isInstanceOf(UpstreamLied.class);
  }

  @Test
  void document_thatBreaksOff_isALie() {
    fixture
        .hub
        .onPath("/refs")
        .chunked()
        .rawHead(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n[{\"a\"");
    assertThatThrownBy(() -> ask(new DocumentRequest.Refs(REPO, "")))
        .isInstanceOf(UpstreamLied.class)
        .hasMessageContaining("JSON");
  }

  @Test
  void document_ofClosedRepo_isARefusal() {
    fixture.repo.privateTo("hf_canary");
    assertThat(refusal(ask(new DocumentRequest.Refs(REPO, ""))).code())
        .isEqualTo(Found.Refusal.NO_REPO);
    here(
        fixture.client.document(
            new DocumentRequest.Refs(REPO, ""), TOKEN, BUDGET, Reserve.UNLIMITED));
  }

  @Test
  void document_keepsNumbersAsTheyAre() {
    fixture
        .hub
        .onPath("/refs")
        .rawHead(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
                + "{\"n\":1.10000000000000000000001,\"xet_hash\":{\"a\":[1]},\"b\":{\"XetHash\":1,\"c\":\"\\u00e4\"}}");
    Document document = here(ask(new DocumentRequest.Refs(REPO, "")));
    assertThat(new String(document.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"n\":1.10000000000000000000001,\"b\":{\"c\":\"ä\"}}");
  }
}
