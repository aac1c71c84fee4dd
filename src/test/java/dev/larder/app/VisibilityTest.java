package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.testing.HubRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Repos that are closed or opened while they are cached, and names that change hands. */
final class VisibilityTest extends SiteFixture {
  private static final String ANN = "hf_ann_secret";
  private static final String SITE = "hf_site_secret";
  private static final Duration LATE = Duration.ofSeconds(61);

  private final byte[] bytes = Bytes.of(3, 200_000);

  private Commit offer() {
    Commit commit =
        repo.lfs("model.bin", bytes).file("sub/config.json", "{\"a\":1}").commit("main");
    hub.token(ANN, "ann");
    hub.token(SITE, "site");
    return commit;
  }

  private Got as(String token, String path) {
    return get(path, "Authorization", "Bearer " + token);
  }

  private void bringAll(Commit commit) {
    for (String path :
        List.of(
            MODEL,
            "/hf/o/r/resolve/main/sub/config.json",
            "/hf/o/r/resolve/main/none.txt",
            "/hf/api/models/o/r/tree/" + commit.hex() + "?recursive=true&expand=false",
            MODEL)) {
      Got _ = get(path);
    }
    OnDisk disk = restart();
    assertThat(disk.tree(FOLDER))
        .contains("refs/main", "snapshots/" + commit + "/sub/config.json")
        .contains("snapshots/" + commit + "/model.bin");
  }

  @Test
  void publicRepo_closed_leavesNothingInTheSharedTree() {
    Commit commit = offer();
    bringAll(commit);
    repo.privateTo(ANN);
    clock.pass(LATE);
    assertThat(get(MODEL).status()).isEqualTo(401);
    OnDisk disk = stop();
    assertThat(disk.tree(FOLDER)).isEmpty();
    assertThat(disk.inTree(FOLDER, "snapshots/" + commit)).doesNotExist();
    assertThat(disk.blobs()).as("the store keeps them for who may read").hasSize(2);

    start();
    hub.clearLog();
    assertThat(as(ANN, MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().tree(FOLDER)).isEmpty();
  }

  /** What stands before the hub may say no to everything for a while. */
  @Test
  void publicRepo_refusedByAGateway_staysPublicForEverybodyElse() {
    Commit commit = offer();
    bringAll(commit);
    clock.pass(LATE);
    hub.on(r -> r.server() == HubRequest.Server.HUB).always().status(403);
    Got refused = get(MODEL);
    hub.clearFaults();

    hub.away();
    clock.pass(LATE);
    Got later = get(MODEL);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(later.body()).isEqualTo(bytes);
    assertThat(later.cache()).isEqualTo("STALE");
    assertThat(stop().inTree(FOLDER, "snapshots/" + commit + "/model.bin")).exists();
  }

  /** Its no was no decision about anybody. */
  @Test
  void publicRepo_refusedByAGateway_isAskedForAgainAtOnce() {
    bringAll(offer());
    clock.pass(LATE);
    hub.on(r -> r.server() == HubRequest.Server.HUB).always().status(403);
    assertThat(get(MODEL).status()).isEqualTo(403);
    hub.clearFaults();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
  }

  @Test
  void publicRepo_closed_whatPythonPutThereStays() throws IOException {
    Commit commit = offer();
    bringAll(commit);
    stop();
    Commit old = new Commit("e".repeat(40));
    Path folder = root.resolve("hub").resolve(FOLDER);
    Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(old.hex()));
    String model = Bytes.digest(bytes).hex();
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("..", "..", "blobs", model));
    Path theirs = Files.writeString(folder.resolve("blobs").resolve("d".repeat(40)), "theirs");
    repo.privateTo(ANN);
    clock.pass(LATE);
    assertThat(get(MODEL).status()).isEqualTo(401);
    stop();
    assertThat(snapshot.resolve("model.bin")).hasBinaryContent(bytes);
    assertThat(theirs).exists();
    assertThat(folder.resolve("snapshots").resolve(commit.hex())).doesNotExist();
  }

  @Test
  void publicRepo_closedAndOpenedAgain_appearsAgainAtOnce() {
    Commit commit = offer();
    bringAll(commit);
    repo.privateTo(ANN);
    clock.pass(LATE);
    assertThat(get(MODEL).status()).isEqualTo(401);
    repo.open();
    clock.pass(LATE);
    hub.clearLog();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().tree(FOLDER)).contains("refs/main", "snapshots/" + commit + "/model.bin");
  }

  @Test
  void publicRepo_refusedBySomethingOnTheWay_staysInTheTree() {
    Commit commit = offer();
    bringAll(commit);
    clock.pass(LATE);
    hub.on(r -> r.server() == HubRequest.Server.HUB).always().status(403);
    assertThat(get(MODEL).status()).isEqualTo(403);
    assertThat(stop().tree(FOLDER)).contains("snapshots/" + commit + "/model.bin");
  }

  @Test
  void restrictedRepo_grantedToEveryone_isInTheTreeUntilTheGrantEnds() {
    Commit commit = offer();
    repo.privateTo(ANN, SITE);
    start("UPSTREAM_TOKEN", SITE);
    List<RepoPattern> one = List.of(RepoPattern.parse("o/r"));
    Tokens tokens = server().house().access().tokens();
    tokens.change(new Tokens.GrantChange(Tokens.EVERYONE, one, List.of()));
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    OnDisk disk = restart("UPSTREAM_TOKEN", SITE);
    assertThat(disk.tree(FOLDER)).contains("snapshots/" + commit + "/model.bin");
    server()
        .house()
        .access()
        .tokens()
        .change(new Tokens.GrantChange(Tokens.EVERYONE, List.of(), one));
    assertThat(get(MODEL).status()).isEqualTo(401);
    assertThat(stop().tree(FOLDER)).isEmpty();
  }

  /** Whoever takes over a name must not get what lay under it before. */
  @Test
  void privateRepo_nameTakenOverByAnother_oldCommitsAreNotGivenOut() {
    Commit secret = offer();
    repo.privateTo(ANN);
    String pinned = resolve(secret, "model.bin");
    assertThat(as(ANN, MODEL).body()).isEqualTo(bytes);
    assertThat(as(ANN, pinned).body()).isEqualTo(bytes);
    assertThat(as(ANN, "/hf/api/models/o/r/tree/" + secret).status()).isEqualTo(200);

    hub.model("evil/x").file("model.bin", "evil").commit("main");
    hub.rename(RepoId.model("o/r"), RepoId.model("evil/x"));
    clock.pass(LATE);
    assertThat(get(MODEL).text()).isEqualTo("evil");
    for (int round = 0; round < 2; round++) {
      for (String path : List.of(pinned, "/hf/api/models/o/r/tree/" + secret)) {
        Got got = get(path);
        assertThat(got.status()).isEqualTo(404);
        assertThat(got.header("X-Error-Code")).isEqualTo("RevisionNotFound");
      }
      restart();
    }
  }

  /** Its download ends when the name is another's: what it brought is none of that one. */
  @Test
  void privateRepo_nameTakenOverDuringADownload_itsCommitIsNotGivenOut() throws Exception {
    Commit secret = offer();
    repo.privateTo(ANN);
    HubFault silent = hub.onFile("model.bin").stallAfter(bytes.length / 2);
    HttpResponse<InputStream> anns = open("GET", MODEL, "Authorization", "Bearer " + ANN);
    silent.awaitMet();

    hub.model("evil/x").file("model.bin", "evil").commit("main");
    hub.rename(RepoId.model("o/r"), RepoId.model("evil/x"));
    clock.pass(LATE);
    assertThat(get(MODEL).text()).isEqualTo("evil");
    silent.release();
    assertThat(read(anns).body()).isEqualTo(bytes);
    for (int round = 0; round < 2; round++) {
      restart();
      Got got = get(resolve(secret, "model.bin"));
      assertThat(got.status()).isEqualTo(404);
      assertThat(got.header("X-Error-Code")).isEqualTo("RevisionNotFound");
    }
  }

  /** A grant is about a name; another name of the same repo is another repo to it. */
  @Test
  void renamedRepo_grantOnOneName_opensThatNameAlone() {
    offer();
    repo.privateTo(ANN, SITE);
    hub.rename(RepoId.model("old/name"), RepoId.model("o/r"));
    start("UPSTREAM_TOKEN", SITE);
    Tokens tokens = server().house().access().tokens();
    String ofOld = granted(tokens, "old/name");
    String ofNew = granted(tokens, "o/r");
    String old = "/hf/old/name/resolve/main/model.bin";
    for (int round = 0; round < 2; round++) {
      assertThat(as(ofNew, MODEL).body()).isEqualTo(bytes);
      assertThat(as(ofOld, MODEL).status()).isEqualTo(404);
      assertThat(as(ofNew, old).status()).isEqualTo(404);
      assertThat(as(ofOld, old).body()).isEqualTo(bytes);
    }
    repo.privateTo(ANN);
    clock.pass(LATE);
    assertThat(as(ofOld, old).status()).as("no more than the site may").isEqualTo(404);
  }

  private static String granted(Tokens tokens, String repo) {
    String group = repo.replace('/', '-');
    tokens.change(new Tokens.GrantChange(group, List.of(RepoPattern.parse(repo)), List.of()));
    return tokens.create(new Tokens.Wish(group, Set.of(group), Optional.empty())).token();
  }

  @Test
  void privateRepo_opened_isAskedAboutAnewAndItsBytesAreNotFetchedAgain() {
    Commit commit = offer();
    repo.privateTo(ANN);
    assertThat(as(ANN, MODEL).body()).isEqualTo(bytes);
    OnDisk _ = restart(); // The bytes came before they were put away.
    repo.open();
    clock.pass(LATE);
    hub.clearLog();
    assertThat(get(resolve(commit, "model.bin")).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(stop().tree(FOLDER)).contains("snapshots/" + commit + "/model.bin");
  }

  @Test
  void tag_moved_isTheNewBytesAfterItsTime() {
    Commit first = offer();
    repo.tag("v1", first);
    String tagged = "/hf/o/r/resolve/v1/model.bin";
    assertThat(get(tagged).body()).isEqualTo(bytes);
    byte[] other = Bytes.of(4, 1000);
    repo.tag("v1", repo.lfs("model.bin", other).commit("main"));
    clock.pass(LATE);
    assertThat(get(tagged).body()).isEqualTo(other);
    assertThat(get(resolve(first, "model.bin")).body()).isEqualTo(bytes);
  }

  @Test
  void sameCommit_otherBytes_areNotBelievedAndTheOldOnesServed() {
    Commit commit = offer();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    OnDisk _ = restart(); // The bytes came before they were put away.
    Got head = head(MODEL);
    String other = "\"" + "a".repeat(64) + "\"";
    hub.on(r -> r.server() == HubRequest.Server.HUB && r.concerns("model.bin"))
        .always()
        .header("X-Linked-Etag", other)
        .header("X-Linked-Size", "5");
    for (int round = 0; round < 2; round++) {
      clock.pass(LATE);
      hub.clearLog();
      Got got = get(MODEL);
      assertThat(got.body()).isEqualTo(bytes);
      assertThat(hub.fileBytesSent()).as("nothing takes the place of the old ones").isZero();
      assertThat(got.header("ETag")).isEqualTo(head.header("ETag"));
      assertThat(got.header("X-Repo-Commit")).isEqualTo(commit.hex());
      restart();
    }
  }

  @Test
  void sameCommit_otherBytesAndTheOldOnesAreGone_isRefused() throws IOException {
    offer();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    OnDisk disk = stop();
    Files.delete(root.resolve("hub").resolve(FOLDER).resolve("blobs/" + Bytes.digest(bytes).hex()));
    for (Path blob : disk.blobs()) {
      Files.delete(blob);
    }
    hub.on(r -> r.server() == HubRequest.Server.HUB && r.concerns("model.bin"))
        .always()
        .header("X-Linked-Etag", "\"" + "a".repeat(64) + "\"");
    clock.pass(LATE);
    assertThat(get(MODEL).status()).isEqualTo(502);
  }
}
