package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.catalog.CatalogException;
import dev.larder.cli.Larder;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.RepoListing.Ref;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.VerifyTarget;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that only look at a cache. */
final class LookTest extends SiteFixture {
  private static final String TOKEN = "hf_ann_secret";
  private static final RepoId REPO = RepoId.model("o/r");
  private static final RepoId OPEN = RepoId.model("o/open");

  @Test
  void look_rootThatDoesNotExist_isRefusedAndNotMade() {
    Path typo = root.resolve("typo");

    LarderException failure =
        catchThrowableOfType(
            LarderException.class,
            () -> new HouseWorkshop(clock).look(settings("HOME", typo.toString()), _ -> {}));

    assertThat(failure.code()).isEqualTo("bad-setting");
    assertThat(failure).hasMessageContaining(typo.toString()).hasMessageContaining("--home");
    assertThat(typo).doesNotExist();
  }

  @Test
  void look_rootThatIsThere_isOpened() {
    try (Larder larder = new HouseWorkshop(clock).look(settings(), _ -> {})) {
      assertThat(larder.list()).isEmpty();
    }
  }

  /**
   * Its files stand in no tree: whoever looks into the folders would think that nothing is here.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void look_privateRepoOfAServer_isListedCheckedAndExplained(boolean serving) {
    byte[] model = Bytes.of(5, 300_000);
    VerifyTarget target = VerifyTarget.parse("o/r@main");
    repo.lfs("model.bin", model).commit("main");
    repo.privateTo(TOKEN);
    hub.model("o/open").lfs("model.bin", model).file("more", "more").commit("main");
    assertThat(get(MODEL, "Authorization", "Bearer " + TOKEN).status()).isEqualTo(200);
    assertThat(get("/hf/o/open/resolve/main/model.bin").status()).isEqualTo(200);
    assertThat(get("/hf/o/open/resolve/main/more").status()).isEqualTo(200);
    restart();
    assertThat(root.resolve("hub").resolve(FOLDER)).doesNotExist();
    if (!serving) {
      stop();
    }

    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      List<RepoListing> all = larder.list();
      assertThat(all).extracting(RepoListing::repo).containsExactly(OPEN, REPO);
      assertThat(RepoListing.totalBytes(all)).isEqualTo(model.length + 4L);
      RepoListing hidden = all.getLast();
      assertThat(hidden.isHidden()).isTrue();
      assertThat(hidden.sizeBytes()).isEqualTo(model.length);
      assertThat(hidden.files())
          .singleElement()
          .extracting(f -> f.path().value())
          .isEqualTo("model.bin");
      assertThat(hidden.refs()).singleElement().extracting(Ref::revision).isEqualTo(Revision.MAIN);
      assertThat(hidden.state()).isEqualTo(RepoListing.State.UNKNOWN);
      assertThat(hidden.pinned()).isFalse();
      assertThat(all.getFirst().isHidden()).isFalse();
      assertThat(all.getFirst().hiddenFiles()).isZero();
      assertThat(larder.why(new WhyRequest.OfTarget(target)).facts())
          .extracting(WhyReport.Fact::text)
          .anyMatch(text -> text.startsWith("1 file,") && text.contains("not in the tree"));
      larder.budget().pin(new Budget.Wish(REPO, Optional.empty(), "ann", Optional.empty(), ""));
      assertThat(larder.list().getLast().pinned()).isTrue();
      VerifyReport report =
          larder.verify(new VerifyRequest(List.of(target), false), VerifyListener.NONE);
      assertThat(report.sound()).isTrue();
      assertThat(report.bytes()).isEqualTo(model.length);
    }
  }

  @Test
  void look_rootThatCannotBeWritten_knowsWhatItsCatalogSays() throws Exception {
    fetchAndPin();
    Path readOnly = root.resolve("read-only");
    List<String> said = new ArrayList<>();
    try (Mounted _ = Mounted.readOnly(root, readOnly);
        Larder larder =
            new HouseWorkshop(clock).look(settings("HOME", readOnly.toString()), said::add)) {
      assertThat(larder).isInstanceOf(ReadingLarder.class);
      assertThat(larder.list()).singleElement().matches(RepoListing::pinned);
      assertThat(larder.budget().pins()).extracting(Budget.Pin::owner).containsExactly("ops");
      assertThat(larder.stats(Optional.empty()).rows())
          .singleElement()
          .satisfies(row -> assertThat(row.misses()).isEqualTo(1));
      WhyRequest why = new WhyRequest.OfTarget(VerifyTarget.parse("o/r"));
      assertThat(larder.why(why).decisions()).isNotEmpty();
      assertThat(larder.removals().plan(List.of(VerifyTarget.parse("o/r"))).going()).isEmpty();
    }
    assertThat(said).isEmpty();
  }

  @Test
  void look_catalogThatCannotBeReadEither_saysSoAndTellsNoZeros() throws Exception {
    fetchAndPin();
    Path catalog = root.resolve("larder/catalog.db");
    Files.delete(catalog);
    Files.createDirectory(catalog);
    Path readOnly = root.resolve("read-only");
    List<String> said = new ArrayList<>();
    try (Mounted _ = Mounted.readOnly(root, readOnly);
        Larder larder =
            new HouseWorkshop(clock).look(settings("HOME", readOnly.toString()), said::add)) {
      assertThat(larder.list()).hasSize(1);
      for (ThrowingCallable question :
          List.<ThrowingCallable>of(
              () -> larder.stats(Optional.empty()),
              () -> larder.budget().pins(),
              () -> larder.tokens().list(),
              () -> larder.why(new WhyRequest.OfTarget(VerifyTarget.parse("o/r"))),
              () -> larder.removals().plan(List.of(VerifyTarget.parse("o/r"))))) {
        assertThatThrownBy(question)
            .isInstanceOf(CatalogException.class)
            .hasMessageContaining("the catalog " + readOnly);
      }
    }
    assertThat(said).singleElement().asString().contains("the catalog " + readOnly, "no pins");
  }

  private void fetchAndPin() {
    repo.file("config.json", "{}");
    repo.commit("main");
    start();
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(200);
    stop();
    try (Larder larder = new HouseWorkshop(clock).look(settings(), _ -> {})) {
      Budget.Pin _ =
          larder
              .budget()
              .pin(
                  new Budget.Wish(
                      RepoId.model("o/r"), Optional.empty(), "ops", Optional.empty(), ""));
    }
  }

  @Test
  void look_atAServerThatWasToldOtherwise_saysSoInOneLineWithoutValues() {
    server();

    List<String> said =
        said("HUB_UPSTREAM", "http://user.example:9/secret", "FETCH_CONNECTIONS", "3");

    assertThat(said)
        .singleElement()
        .asString()
        .contains("The running server decides", "LARDER_HUB_UPSTREAM", "LARDER_FETCH_CONNECTIONS")
        .doesNotContain("secret", "LARDER_REF_TTL");
  }

  @Test
  void look_atAServerThatWasToldTheSame_saysNothing() {
    server();

    assertThat(said()).isEmpty();
  }

  private List<String> said(String... more) {
    List<String> said = new ArrayList<>();
    try (Larder larder = new HouseWorkshop(clock).look(settings(more), said::add)) {
      assertThat(larder.list()).isEmpty();
    }
    return said;
  }
}
