package dev.larder.upstream.huggingface;

import static dev.larder.upstream.huggingface.HubFixture.BUDGET;
import static dev.larder.upstream.huggingface.HubFixture.CONFIG;
import static dev.larder.upstream.huggingface.HubFixture.MODEL;
import static dev.larder.upstream.huggingface.HubFixture.MODEL_BYTES;
import static dev.larder.upstream.huggingface.HubFixture.REPO;
import static dev.larder.upstream.huggingface.HubFixture.TOKEN;
import static dev.larder.upstream.huggingface.HubFixture.here;
import static dev.larder.upstream.huggingface.HubFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.testing.FakeHub;
import dev.larder.testing.HubRequest;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException.EgressDenied;
import dev.larder.upstream.UpstreamException.UpstreamLied;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubClientTest {
  private final HubFixture fixture = new HubFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void head_ofGitFile_followsRelativeRedirectWithItsQuery() {
    RemoteEntry entry = fixture.entry(CONFIG);
    assertThat(entry.commit()).isEqualTo(fixture.commit);
    assertThat(entry.identity())
        .contains(fixture.repo.file(fixture.commit, CONFIG.value()).gitId());
    assertThat(entry.sizeBytes()).isEqualTo(HubFixture.CONFIG_BYTES.length);
    assertThat(entry.lfs()).isFalse();
    assertThat(fixture.hub.requests()).hasSize(2).allMatch(r -> r.method().equals("HEAD"));
    assertThat(fixture.hub.requests().getLast().query()).startsWith("etag=");
  }

  @Test
  void head_ofLargeFile_isTakenFromTheRedirectItself() {
    RemoteEntry entry = fixture.entry(MODEL);
    assertThat(entry.identity())
        .contains(fixture.repo.file(fixture.commit, MODEL.value()).content().sha256());
    assertThat(entry.sizeBytes()).isEqualTo(MODEL_BYTES.length);
    assertThat(entry.lfs()).isTrue();
    assertThat(fixture.hub.requests()).hasSize(1);
  }

  @Test
  void head_asksForIdentityAndSaysWhoItIs() {
    fixture.entry(MODEL);
    HubRequest request = fixture.hub.requests().getFirst();
    assertThat(request.header("accept-encoding")).contains("identity");
    assertThat(request.header("user-agent").orElse("")).startsWith("larder/");
    assertThat(request.path()).isEqualTo("/org/name/resolve/main/sub/model%201.bin");
  }

  @Test
  void head_ofPullRequest_encodesTheRevisionAsOneSegment() {
    fixture.repo.ref("refs/pr/1", fixture.commit);
    here(
        fixture.client.head(REPO, new Revision("refs/pr/1"), CONFIG, Credential.ANONYMOUS, BUDGET));
    assertThat(fixture.hub.requests().getFirst().path()).contains("/resolve/refs%2Fpr%2F1/");
  }

  @Test
  void head_ofRenamedRepo_isFollowed() {
    fixture.hub.rename(RepoId.model("old/one"), REPO);
    RemoteEntry entry =
        here(
            fixture.client.head(
                RepoId.model("old/one"), Revision.MAIN, MODEL, Credential.ANONYMOUS, BUDGET));
    assertThat(entry.commit()).isEqualTo(fixture.commit);
  }

  @Test
  void head_ofDataset_usesItsPrefix() {
    RepoId data = RepoId.parse("datasets/org/data");
    fixture.hub.repo(data).file("a.csv", "1,2").commit("main");
    here(
        fixture.client.head(
            data, Revision.MAIN, new EntryPath("a.csv"), Credential.ANONYMOUS, BUDGET));
    assertThat(fixture.hub.requests().getFirst().path()).startsWith("/datasets/org/data/resolve/");
  }

  @Test
  void head_ofMissingFile_isARefusalWithTheCommit() {
    Found.Refusal reason = refusal(fixture.head(new EntryPath("no.txt")));
    assertThat(reason.status()).isEqualTo(404);
    assertThat(reason.code()).isEqualTo(Found.Refusal.NO_ENTRY);
    assertThat(reason.commit()).contains(fixture.commit);
    assertThat(reason.concernsRepo()).isFalse();
  }

  @Test
  void head_ofMissingRevision_saysSo() {
    var found = fixture.client.head(REPO, new Revision("v9"), CONFIG, Credential.ANONYMOUS, BUDGET);
    assertThat(refusal(found).code()).isEqualTo(Found.Refusal.NO_REVISION);
  }

  @Test
  void head_ofClosedRepos_passesOnWhatTheHubSays() {
    fixture.repo.privateTo("hf_canary");
    assertThat(refusal(fixture.head(CONFIG)).status()).isEqualTo(401);
    fixture.repo.gatedTo("hf_other");
    assertThat(refusal(fixture.head(CONFIG)).code()).isEqualTo(Found.Refusal.GATED);
    fixture.hub.token("hf_canary", "me");
    var gated = refusal(fixture.client.head(REPO, Revision.MAIN, CONFIG, TOKEN, BUDGET));
    assertThat(gated.status()).isEqualTo(403);
    fixture.repo.disabled();
    assertThat(refusal(fixture.head(CONFIG)).message())
        .isEqualTo("Access to this resource is disabled.");
  }

  @Test
  void head_plain404_keepsTheCodeEmpty() {
    fixture.hub.onPath("/resolve/").status(404);
    assertThat(refusal(fixture.head(CONFIG)).code()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "W/\"0123456789012345678901234567890123456789\"",
        "\"0123456789012345678901234567890123456789-gzip\"",
        "\"abc\"",
        "\"0123456789ABCDEF0123456789abcdef01234567\""
      })
  void head_withAnOddEntityTag_provesNothing(String etag) {
    fixture.hub.onPath("/resolve-cache/").etag(etag);
    RemoteEntry entry = fixture.entry(CONFIG);
    assertThat(entry.identity()).isEmpty();
    assertThat(entry.validator()).isEqualTo(etag);
  }

  @Test
  void head_withoutAnEntityTagOfItsOwn_doesNotTakeTheRedirects() {
    fixture.hub.onPath("/resolve-cache/").dropHeader("ETag");
    RemoteEntry entry = fixture.entry(CONFIG);
    assertThat(entry.identity()).isEmpty();
    assertThat(entry.validator()).isEmpty();
  }

  @Test
  void head_withoutACommit_isNoHub() {
    fixture.hub.onPath("/resolve/").html();
    assertThatThrownBy(() -> fixture.head(CONFIG))
        .isInstanceOf(UpstreamLied.class)
        .hasMessageContaining("X-Repo-Commit");
  }

  @Test
  void head_ofAnotherCommitThanAsked_isALie() {
    Commit other = fixture.repo.file("b", "b").commit("main");
    fixture.hub.onPath("/resolve/").header("X-Repo-Commit", other.hex());
    assertThatThrownBy(
            () ->
                fixture.client.head(
                    REPO, new Revision(fixture.commit.hex()), MODEL, Credential.ANONYMOUS, BUDGET))
        .isInstanceOf(UpstreamLied.class);
  }

  @Test
  void head_intoALoop_endsAfterFiveRedirects() {
    fixture.hub.onPath("/resolve/").always().redirectTo("/org/name/resolve/main/config.json?again");
    assertThatThrownBy(() -> fixture.head(CONFIG))
        .isInstanceOf(UpstreamLied.class)
        .hasMessageContaining("redirects more than 5");
    assertThat(fixture.hub.requests()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.1.2.3/x",
        "http://[::1]:1/x",
        "http://0x7f.1/",
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "http://user:pw@127.0.0.1/",
        "http://169.254.169.254/latest/meta-data"
      })
  void head_redirectedToWhatMayNotBeAsked_isDenied(String location) {
    fixture.hub.onPath("/resolve/").redirectTo(location);
    assertThatThrownBy(() -> fixture.head(CONFIG)).isInstanceOf(EgressDenied.class);
  }

  @Test
  void token_goesToTheHubAndNotToItsCdn() {
    fixture.repo.privateTo("hf_canary");
    var content = fixture.content(fixture.client, MODEL, TOKEN);
    assertThat(HubFixture.read(content, null)).isEqualTo(MODEL_BYTES);
    assertThat(fixture.hub.requests(r -> r.server() == HubRequest.Server.HUB))
        .isNotEmpty()
        .allMatch(HubRequest::authorized);
    assertThat(fixture.hub.requests(r -> r.server() == HubRequest.Server.CDN))
        .isNotEmpty()
        .noneMatch(HubRequest::authorized);
  }

  @Test
  void token_isDroppedForGoodOnceTheWayLeftTheHub() {
    fixture.hub.token("hf_canary", "me");
    try (var other = FakeHub.start()) {
      fixture.hub.onPath("/resolve/").redirectTo(other.uri() + "/away");
      other.onPath("/away").redirectTo(fixture.hub.uri() + "/org/name/resolve/main/config.json");
      here(fixture.client.head(REPO, Revision.MAIN, CONFIG, TOKEN, BUDGET));
      assertThat(fixture.hub.requests(HubRequest::authorized)).hasSize(1);
      assertThat(fixture.hub.requests()).hasSize(3);
    }
  }

  @Test
  void token_isNotSentToAnotherPortOfTheHubsHost() {
    fixture.hub.token("hf_canary", "me");
    fixture.repo.privateTo("hf_canary");
    try (var other = FakeHub.start()) {
      fixture
          .hub
          .onPath("/resolve/")
          .redirectTo(other.uri() + "/org/name/resolve/main/config.json");
      refusal(fixture.client.head(REPO, Revision.MAIN, CONFIG, TOKEN, BUDGET));
      assertThat(other.requests()).hasSize(1).noneMatch(HubRequest::authorized);
    }
  }
}
