package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.access.Access;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.RepoId;
import dev.larder.mirror.Asking.About;
import dev.larder.mirror.Asking.Asked;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.Credential;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Found;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AskingTest {
  private static final RepoId REPO = RepoId.model("o/r");
  private static final Caller ANN = MirrorFixture.upstreamCaller("hf_ann");

  @TempDir Path directory;
  private Catalog catalog;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Asking asking;
  private final List<Credential> asked = new ArrayList<>();

  @BeforeEach
  void open() {
    InstantSource clock = () -> now;
    catalog = JdbiCatalog.open(directory.resolve("catalog.db"), clock).catalog();
    asking = over(catalog);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  /** As after a restart. */
  private Asking over(Catalog rows) {
    Duration minute = Duration.ofMinutes(1);
    MirrorSettings settings =
        new MirrorSettings(
            minute, minute, minute, false, false, false, Credential.ANONYMOUS, minute, false);
    Access access =
        Access.openToRead(directory, rows, new Access.Terms(minute, Optional.empty()), () -> now);
    return new Asking(
        new HubMemory(), new Entitlements(access, settings), rows, settings, () -> now);
  }

  private static Found<String> no(int status, String code) {
    return new Found.Not<>(new Found.Refusal(status, code, "", Optional.empty()));
  }

  private Asked<String> ask(About about, Caller caller, Found<String> anonymous) {
    return asking.ask(
        REPO,
        about,
        caller,
        Duration.ofSeconds(5),
        (credential, _) -> {
          asked.add(credential);
          return credential == Credential.ANONYMOUS ? anonymous : new Found.Here<>("ann's");
        });
  }

  private Standing standing() {
    return asking.access(REPO).standing();
  }

  @Test
  void file_givenToAnonymous_isForEverybodyWithoutTheCallersToken() {
    Asked<String> answer = ask(About.FILE, ANN, new Found.Here<>("file"));
    assertThat(answer.restricted()).isFalse();
    assertThat(answer.scope()).isEqualTo(Asking.EVERYBODY);
    assertThat(asked).containsExactly(Credential.ANONYMOUS);
    assertThat(standing()).isEqualTo(Standing.PUBLIC);
  }

  @Test
  void publicRepo_ofWhichSomethingIsKept_isRememberedAcrossARestart() {
    ask(About.FILE, ANN, new Found.Here<>("file"));
    assertThat(catalog.repo(REPO)).isEmpty();
    asking.writeDown(REPO);
    assertThat(over(catalog).mayServeUnasked(REPO)).isTrue();
  }

  /** One client asks for a file of it, another what it is, and their answers come together. */
  @Test
  void publicRepo_alsoDescribedAtThatMoment_isRememberedAsPublic() throws Exception {
    for (int i = 0; i < 200; i++) {
      RepoId repo = RepoId.model("o/r" + i);
      CyclicBarrier together = new CyclicBarrier(2);
      Thread describes = Thread.ofVirtual().start(() -> answered(repo, About.REPO, together));
      answered(repo, About.FILE, together);
      asking.writeDown(repo);
      describes.join();
      assertThat(over(catalog).mayServeUnasked(repo)).as("%s", repo).isTrue();
    }
  }

  private void answered(RepoId repo, About about, CyclicBarrier together) {
    Asked<String> _ =
        asking.ask(
            repo,
            about,
            Caller.ANONYMOUS,
            Duration.ofSeconds(5),
            (_, _) -> {
              try {
                together.await();
              } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
              }
              return new Found.Here<>("here");
            });
  }

  @Test
  void publicRepo_madePrivateBeforeAnythingIsKept_isNotWrittenDownAsPublic() {
    ask(About.FILE, Caller.ANONYMOUS, new Found.Here<>("file"));
    ask(About.FILE, Caller.ANONYMOUS, no(401, Found.Refusal.NO_REPO));
    asking.writeDown(REPO);
    assertThat(catalog.repo(REPO)).isEmpty();
  }

  @Test
  void privateRepo_madePublic_isRememberedAtOnce() {
    asking.rememberRestricted(REPO);
    ask(About.FILE, Caller.ANONYMOUS, new Found.Here<>("file"));
    assertThat(over(catalog).mayServeUnasked(REPO)).isTrue();
  }

  /** Both were asked at one time; the older answer comes last. */
  @Test
  void answerAskedBeforeTheRepoWasClosed_doesNotOpenItAgain() {
    asking.ask(
        REPO,
        About.FILE,
        Caller.ANONYMOUS,
        Duration.ofSeconds(5),
        (_, _) -> {
          now = now.plusSeconds(5);
          ask(About.FILE, Caller.ANONYMOUS, no(401, "RepoNotFound"));
          now = now.plusSeconds(5);
          return new Found.Here<>("old");
        });
    assertThat(asking.access(REPO).standing()).isEqualTo(Standing.RESTRICTED);
  }

  @Test
  void hub_thatLimitsOneToken_doesNotSeemAway() {
    failing(new UpstreamException.UpstreamBusy("enough", 429, Duration.ofMinutes(5)));
    assertThat(asking.seemsAway()).isFalse();
  }

  @Test
  void publicRepo_madePrivateWhileTheCatalogCouldNotBeWritten_isRememberedLater() {
    WatchedCatalog watched = new WatchedCatalog(catalog);
    asking = over(watched.proxy());
    ask(About.FILE, Caller.ANONYMOUS, new Found.Here<>("file"));
    asking.writeDown(REPO);
    watched.failing = true;
    assertThatThrownBy(() -> ask(About.FILE, Caller.ANONYMOUS, no(401, Found.Refusal.NO_REPO)))
        .isInstanceOf(CatalogException.class);
    watched.failing = false;
    ask(About.FILE, Caller.ANONYMOUS, no(401, Found.Refusal.NO_REPO));
    assertThat(over(catalog).mayServeUnasked(REPO)).isFalse();
  }

  @Test
  void file_refused_isAskedWithTheTokenAndNobodyElses() {
    Asked<String> answer = ask(About.FILE, ANN, no(401, Found.Refusal.GATED));
    assertThat(answer.restricted()).isTrue();
    assertThat(answer.scope()).isEqualTo(ANN.scope());
    assertThat(asked).containsExactly(Credential.ANONYMOUS, ANN.credential());
    assertThat(asking.mayServeUnasked(REPO)).isFalse();
  }

  @Test
  void restrictedRepo_isAskedWithTheTokenAtOnceWhileTheStandingIsYoung() {
    ask(About.FILE, ANN, no(401, Found.Refusal.NO_REPO));
    asked.clear();
    ask(About.FILE, ANN, no(401, Found.Refusal.NO_REPO));
    assertThat(asked).containsExactly(ANN.credential());
    now = now.plusSeconds(61);
    asked.clear();
    assertThat(ask(About.FILE, ANN, new Found.Here<>("open now")).restricted()).isFalse();
    assertThat(asked).containsExactly(Credential.ANONYMOUS);
  }

  @Test
  void description_givenToAnonymous_doesNotMakeFilesPublic() {
    ask(About.REPO, Caller.ANONYMOUS, new Found.Here<>("info"));
    assertThat(standing()).isEqualTo(Standing.UNKNOWN);
    assertThat(asking.mayServeUnasked(REPO)).isFalse();
    assertThat(asking.mayTellUnasked(REPO, Caller.ANONYMOUS)).isTrue();
    assertThat(over(catalog).mayTellUnasked(REPO, Caller.ANONYMOUS)).isTrue();
    assertThat(over(catalog).mayServeUnasked(REPO)).isFalse();
  }

  @Test
  void gatedRepo_describedLater_staysRestricted() {
    ask(About.FILE, ANN, no(401, Found.Refusal.GATED));
    ask(About.REPO, Caller.ANONYMOUS, new Found.Here<>("info"));
    assertThat(standing()).isEqualTo(Standing.RESTRICTED);
    assertThat(asking.mayServeUnasked(REPO)).isFalse();
  }

  @Test
  void refusal_notAboutAccess_teachesNothing() {
    ask(About.FILE, Caller.ANONYMOUS, no(400, ""));
    assertThat(standing()).isEqualTo(Standing.UNKNOWN);
    ask(About.FILE, Caller.ANONYMOUS, new Found.Here<>("file"));
    ask(About.FILE, Caller.ANONYMOUS, no(416, ""));
    assertThat(standing()).isEqualTo(Standing.PUBLIC);
  }

  @Test
  void missingFile_doesNotMakeFilesPublic() {
    Asked<String> answer = ask(About.FILE, ANN, no(404, Found.Refusal.NO_ENTRY));
    assertThat(answer.restricted()).isFalse();
    assertThat(asking.mayServeUnasked(REPO)).isFalse();
  }

  @Test
  void publicRepo_madePrivate_isRememberedAcrossARestart() {
    ask(About.FILE, Caller.ANONYMOUS, new Found.Here<>("file"));
    asking.writeDown(REPO);
    ask(About.FILE, Caller.ANONYMOUS, no(401, Found.Refusal.NO_REPO));
    assertThat(asking.mayServeUnasked(REPO)).isFalse();
    assertThat(asking.mayTellUnasked(REPO, Caller.ANONYMOUS)).isFalse();
    assertThat(over(catalog).mayTellUnasked(REPO, Caller.ANONYMOUS)).isFalse();
  }

  @Test
  void unknownNames_leaveNoRow() {
    ask(About.FILE, Caller.ANONYMOUS, no(401, Found.Refusal.NO_REPO));
    assertThat(catalog.repo(REPO)).isEmpty();
  }

  private void failing(UpstreamException failure) {
    assertThatThrownBy(
            () ->
                asking.ask(
                    REPO,
                    About.FILE,
                    Caller.ANONYMOUS,
                    Duration.ofSeconds(1),
                    (_, _) -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void hub_thatIsSilentAboutOneFile_doesNotSeemAway() {
    failing(new UpstreamException.UpstreamUnreachable("silent", true, null));
    assertThat(asking.seemsAway()).isFalse();
  }

  @Test
  void hub_thatCannotBeConnectedTo_seemsAwayUntilItAnswers() {
    failing(new UpstreamException.UpstreamUntrusted("somebody else", null));
    assertThat(asking.seemsAway()).isTrue();
    ask(About.FILE, Caller.ANONYMOUS, new Found.Here<>("file"));
    assertThat(asking.seemsAway()).isFalse();
  }

  @Test
  void hub_thatLiesAboutOneFile_doesNotSeemAway() {
    failing(new UpstreamException.UpstreamLied("odd"));
    assertThat(asking.seemsAway()).isFalse();
  }

  @Test
  void askerInterrupted_doesNotMakeTheHubSeemAway() {
    Thread.currentThread().interrupt();
    failing(new UpstreamException.UpstreamUnreachable("closed by interrupt", false, null));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(asking.seemsAway()).isFalse();
  }
}
