package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.provision.Archives.Checked;
import dev.larder.provision.Archives.ExportReport;
import dev.larder.provision.Archives.ExportRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.ImportReport;
import dev.larder.provision.Archives.ImportRequest;
import dev.larder.provision.ProvisionException.AlreadyThere;
import dev.larder.provision.ProvisionException.BlobDamaged;
import dev.larder.provision.ProvisionException.NotHere;
import dev.larder.provision.ProvisionException.NothingToImport;
import dev.larder.store.StoreException.StoreFull;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Caches and folders of somebody else's, taken in and written out. */
class ImportExportTest extends ProvisionFixture {
  private static final byte[] MODEL = Bytes.of(1, 300_000);
  private static final byte[] CONFIG = Bytes.of(2, 50);

  private static ImportReport take(Site site, HubFiles hub, Path from, boolean copy) {
    return site.archives(hub)
        .take(new ImportRequest(from, Optional.empty(), Revision.MAIN, copy), Follower.NONE);
  }

  private static ImportReport takeAs(Site site, HubFiles hub, Path from) {
    ImportRequest request = new ImportRequest(from, Optional.of(REPO), Revision.MAIN, false);
    return site.archives(hub).take(request, Follower.NONE);
  }

  private static ListedFile large(String path, byte[] bytes) {
    return new ListedFile(
        new EntryPath(path), bytes.length, "a".repeat(40), Optional.of(Bytes.digest(bytes)));
  }

  private static ListedFile small(String path, byte[] bytes) {
    return new ListedFile(new EntryPath(path), bytes.length, gitId(bytes), Optional.empty());
  }

  private static HubFiles hub(ListedFile... files) {
    return (_, _) -> new HubFiles.Answer.Listed(COMMIT, List.of(files), true);
  }

  private Path folder() throws IOException {
    Path folder = directory.resolve("folder");
    Files.createDirectories(folder.resolve("onnx"));
    Files.createDirectories(folder.resolve(".cache/huggingface"));
    Files.writeString(folder.resolve(".cache/huggingface/x.metadata"), "x");
    Files.write(folder.resolve("onnx/model.bin"), MODEL);
    Files.write(folder.resolve("config.json"), CONFIG);
    return folder;
  }

  @Test
  void cache_ofAnother_isTakenInWithItsRefsAndLeftAsItIs() throws IOException {
    Site other = filled("other");
    Map<String, byte[]> before = snapshot(other.hub(), COMMIT);
    Site site = site("mine");

    ImportReport report = take(site, AWAY, other.root(), false);

    assertThat(report.leftOut()).isEmpty();
    assertThat(report.copiedBytes()).isZero();
    assertThat(report.repos().getFirst().checked()).isEqualTo(Checked.NAMES);
    assertSameSnapshot(other.hub(), site.hub());
    assertThat(snapshot(other.hub(), COMMIT).keySet()).isEqualTo(before.keySet());
    Path theirs = other.hub().resolve(FOLDER).resolve("blobs").resolve(Bytes.digest(MODEL).hex());
    assertThat(Files.isSameFile(theirs, site.rooms().store().path(Bytes.digest(MODEL)))).isTrue();
  }

  @Test
  void cache_copied_sharesNoFile() throws IOException {
    Site other = filled("other");
    Site site = site("mine");

    ImportReport report = take(site, AWAY, other.hub().resolve(FOLDER), true);

    assertThat(report.copiedBytes()).isEqualTo(300_050);
    Path theirs = other.hub().resolve(FOLDER).resolve("blobs").resolve(Bytes.digest(MODEL).hex());
    assertThat(Files.getAttribute(theirs, "unix:nlink")).isEqualTo(1);
    assertThat(Files.isWritable(theirs)).isTrue();
    assertSameSnapshot(other.hub(), site.hub());
  }

  @Test
  void cache_withOtherBytesThanItsNamesOrTheHub_isTakenWithoutThem() throws IOException {
    Site other = site("other");
    Files.write(put(other, COMMIT, "torn.bin", MODEL, true), Bytes.of(8, 10));
    put(other, COMMIT, "config.json", CONFIG, false);
    put(other, COMMIT, "changed.json", Bytes.of(4, 40), false);
    put(other, COMMIT, "own.txt", Bytes.of(5, 40), false);
    ref(other, "main", COMMIT);
    HubFiles hub =
        hub(large("torn.bin", MODEL), small("config.json", CONFIG), small("changed.json", MODEL));

    Site site = site("mine");
    ImportReport report = take(site, hub, other.root(), false);

    assertThat(report.repos().getFirst().files()).isEqualTo(1);
    assertThat(report.repos().getFirst().checked()).isEqualTo(Checked.HUB);
    assertThat(report.leftOut())
        .allMatch(left -> left.wrong())
        .extracting(left -> left.what().replaceAll(".*/", ""))
        .containsExactlyInAnyOrder("'torn.bin'", "'changed.json'", "'own.txt'");
    assertThat(snapshot(site.hub(), COMMIT)).containsOnlyKeys("config.json");
  }

  @Test
  void folder_thatTheHubHas_becomesItsSnapshot() throws IOException {
    Site site = site("mine");
    Path folder = folder();
    Files.write(folder.resolve("notes.txt"), Bytes.of(6, 10));

    ImportReport report =
        takeAs(
            site,
            hub(
                large("onnx/model.bin", MODEL),
                small("config.json", CONFIG),
                small("README.md", Bytes.of(7, 7))),
            folder);

    assertThat(report.repos().getFirst().commits()).containsExactly(COMMIT.hex());
    assertThat(report.repos().getFirst().checked()).isEqualTo(Checked.HUB);
    assertThat(snapshot(site.hub(), COMMIT)).containsOnlyKeys("config.json", "onnx/model.bin");
    assertThat(site.rooms().tree().ref(REPO, Revision.MAIN)).contains(COMMIT);
    assertThat(report.leftOut())
        .extracting(left -> left.what())
        .containsExactlyInAnyOrder("'notes.txt'", "'README.md'");
  }

  @Test
  void folder_withoutTheHub_hasTheSameCommitAnywhere() throws IOException {
    Site one = site("one");
    Site two = site("two");
    Path folder = folder();

    ImportReport first = takeAs(one, AWAY, folder);
    ImportReport second = takeAs(two, AWAY, folder);

    String commit = first.repos().getFirst().commits().getFirst();
    assertThat(second.repos().getFirst().commits()).containsExactly(commit);
    assertThat(first.repos().getFirst().checked()).isEqualTo(Checked.LOCAL);
    assertThat(snapshot(one.hub(), new Commit(commit)).get("onnx/model.bin")).isEqualTo(MODEL);
    assertThat(one.rooms().tree().ref(REPO, Revision.MAIN)).contains(new Commit(commit));
    var id = new dev.larder.content.GitBlobId(gitId(CONFIG));
    assertThat(one.rooms().catalog().blobOf(id)).contains(Bytes.digest(CONFIG));
  }

  @Test
  void directory_withNothingInIt_isNoImport() throws IOException {
    Site site = filled("mine");
    Path empty = Files.createDirectories(directory.resolve("empty"));

    assertThatThrownBy(() -> take(site, AWAY, empty, false)).isInstanceOf(NothingToImport.class);
    assertThatThrownBy(() -> takeAs(site, AWAY, empty)).isInstanceOf(NothingToImport.class);
    assertThatThrownBy(() -> take(site, AWAY, site.root(), false))
        .isInstanceOf(NothingToImport.class);
  }

  @Test
  void import_ofWhatIsNoDirectory_saysSo() throws IOException {
    Site site = site("mine");
    Path missing = directory.resolve("missing");
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThatThrownBy(() -> take(site, AWAY, missing, false))
        .isInstanceOf(NothingToImport.class)
        .hasMessage("There is nothing to import in %s: it does not exist.", missing);
    assertThatThrownBy(() -> takeAs(site, AWAY, missing)).isInstanceOf(NothingToImport.class);
    assertThatThrownBy(() -> take(site, AWAY, file, false))
        .isInstanceOf(NothingToImport.class)
        .hasMessage("There is nothing to import in %s: it is no directory.", file);
    assertThatThrownBy(() -> takeAs(site, AWAY, file)).isInstanceOf(NothingToImport.class);
  }

  @Test
  void import_ofACacheWithAFileCalledHub_takesItsRepos() throws IOException {
    Site site = site("mine");
    Path cache = filled("other").hub();
    Files.writeString(cache.resolve("hub"), "x");

    assertThat(take(site, AWAY, cache, true).repos()).hasSize(1);
  }

  @Test
  void export_toWhatIsNoDirectory_saysSo() throws IOException {
    Site site = filled("mine");
    Path file = Files.writeString(directory.resolve("file"), "x");

    for (boolean force : List.of(false, true)) {
      assertThatThrownBy(() -> export(site, file, force))
          .isInstanceOf(AlreadyThere.class)
          .hasMessageContaining("is no directory");
    }
    assertThat(file).hasContent("x");
  }

  @Test
  void import_thatDoesNotFit_isRefusedAtOnceAndLeavesNothing() throws IOException {
    Site other = filled("other");
    Site site = site("mine", new StoreLimits(300_010, 0));
    Site another = site("another", new StoreLimits(300_010, 0));
    ImportRequest folder = new ImportRequest(folder(), Optional.of(REPO), Revision.MAIN, true);

    assertThatThrownBy(() -> take(site, AWAY, other.root(), true)).isInstanceOf(StoreFull.class);
    assertThatThrownBy(() -> another.archives().take(folder, Follower.NONE))
        .isInstanceOf(StoreFull.class);

    site.assertEmpty();
    another.assertEmpty();
  }

  @Test
  void import_ofWhatIsHere_needsNoRoom() throws IOException {
    Site other = filled("other");
    Site site = site("mine", new StoreLimits(300_060, 0));

    take(site, AWAY, other.root(), true);

    assertThat(take(site, AWAY, other.root(), true).copiedBytes()).isZero();
  }

  @Test
  void export_throughALinkInTheDirectory_isRefusedBeforeAnythingIsWritten() throws IOException {
    Site site = filled("mine");
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Path to = Files.createDirectories(directory.resolve("out"));
    Files.createSymbolicLink(to.resolve("onnx"), elsewhere);

    assertThatThrownBy(() -> export(site, to, true))
        .isInstanceOf(AlreadyThere.class)
        .hasMessageContaining(to.resolve("onnx") + " is no directory itself");

    assertThat(files(elsewhere)).isEmpty();
    assertThat(to.resolve("config.json")).doesNotExist();
  }

  @Test
  void export_intoTheCache_isRefused() throws IOException {
    Site site = filled("mine");
    List<String> before = files(site.hub());
    Path link = Files.createSymbolicLink(directory.resolve("link"), site.hub());

    for (Path into : List.of(site.hub(), site.hub().resolve("new"), link)) {
      assertThatThrownBy(() -> export(site, into, true))
          .isInstanceOf(AlreadyThere.class)
          .hasMessageContaining("is a cache");
    }

    assertThat(files(site.hub())).isEqualTo(before);
  }

  @Test
  void export_intoTheCacheOfAnotherLocation_isRefused() throws IOException {
    Site site = filled("mine");
    Site other = filled("other");
    Archives both =
        new LocalArchives(List.of(site.rooms(), other.rooms()), _ -> site.rooms(), AWAY);
    Path into = other.hub().resolve("new");

    assertThatThrownBy(
            () -> both.export(new ExportRequest(REPO, Optional.empty(), into, true), Follower.NONE))
        .isInstanceOf(AlreadyThere.class)
        .hasMessageContaining(other.hub().toString());
    assertThat(into).doesNotExist();
  }

  private ExportReport export(Site site, Path to, boolean overwrite) {
    return site.archives()
        .export(new ExportRequest(REPO, Optional.empty(), to, overwrite), Follower.NONE);
  }

  @Test
  void export_writesFilesThatMayBeEdited() throws IOException {
    Site site = filled("mine");
    Path to = directory.resolve("out");

    ExportReport report = export(site, to, false);

    assertThat(report.files()).isEqualTo(2);
    assertThat(files(to)).containsExactly("config.json", "onnx/model.bin");
    Path model = to.resolve("onnx/model.bin");
    assertThat(Files.isSymbolicLink(model)).isFalse();
    assertThat(Files.getAttribute(model, "unix:nlink")).isEqualTo(1);
    Files.writeString(model, "edited");
    assertThat(snapshot(site.hub(), COMMIT).get("onnx/model.bin")).isEqualTo(MODEL);
    assertThatThrownBy(() -> export(site, to, false)).isInstanceOf(AlreadyThere.class);
    assertThat(export(site, to, true).files()).isEqualTo(2);
    assertThat(model).hasBinaryContent(MODEL);
  }

  @Test
  void export_ofWhatIsNotAllHere_saysWhatIsMissing() throws IOException {
    Site site = filled("mine");
    site.rooms()
        .tree()
        .writeListing(
            REPO, COMMIT, List.of(small("config.json", CONFIG), small("more.txt", MODEL)));

    assertThat(export(site, directory.resolve("out"), false).missing()).containsExactly("more.txt");
    assertThatThrownBy(
            () ->
                site.archives()
                    .export(
                        new ExportRequest(
                            RepoId.model("o/none"),
                            Optional.empty(),
                            directory.resolve("none"),
                            false),
                        Follower.NONE))
        .isInstanceOf(NotHere.class)
        .hasMessageContaining("larder pull o/none@main");
    assertThat(directory.resolve("none")).doesNotExist();
  }

  @Test
  void export_ofADamagedFile_isRefused() throws IOException {
    Site site = site("mine");
    Files.write(put(site, COMMIT, "model.bin", MODEL, true), Bytes.of(3, 300_000));
    ref(site, "main", COMMIT);

    assertThatThrownBy(() -> export(site, directory.resolve("out"), false))
        .isInstanceOf(BlobDamaged.class);
    assertThat(files(directory.resolve("out"))).isEmpty();
  }

  @Test
  void cache_withATornFileOfABlobThatIsHere_changesNothingAndNamesIt() throws IOException {
    Site site = site("mine");
    take(site, AWAY, filled("other").root(), true);
    Site torn = filled("torn");
    Files.write(
        torn.hub().resolve(FOLDER).resolve("blobs").resolve(Bytes.digest(MODEL).hex()),
        Bytes.of(8, 4));

    ImportReport report = take(site, AWAY, torn.root(), false);

    assertThat(report.leftOut()).singleElement().matches(left -> left.wrong());
    assertThat(site.rooms().catalog().entries(REPO, COMMIT))
        .extracting(row -> row.sizeBytes())
        .containsExactlyInAnyOrder(300_000L, 50L);
    assertThat(snapshot(site.hub(), COMMIT).get("onnx/model.bin")).isEqualTo(MODEL);
  }

  @Test
  void folder_withOtherBytesThanTheBlobThatIsHere_isTakenWithoutThem() throws IOException {
    Site site = filled("mine");
    HubFiles hub = hub(large("onnx/model.bin", MODEL), small("config.json", CONFIG));
    Path folder = folder();
    takeAs(site, hub, folder);
    Files.delete(folder.resolve("onnx/model.bin"));
    Files.write(folder.resolve("onnx/model.bin"), Bytes.of(8, 4));

    ImportReport report = takeAs(site, hub, folder);

    assertThat(report.leftOut()).singleElement().matches(left -> left.wrong());
    assertThat(report.repos().getFirst().files()).isEqualTo(1);
  }

  @Test
  void cache_ofARepoThatLivesInAnotherCache_goesThere() throws IOException {
    Site first = site("first");
    Site second = filled("second");
    Site other = site("other");
    Commit newer = new Commit("2".repeat(40));
    put(other, newer, "config.json", CONFIG, false);
    ref(other, "main", newer);

    ImportReport report =
        new LocalArchives(List.of(first.rooms(), second.rooms()), _ -> second.rooms(), AWAY)
            .take(
                new ImportRequest(other.root(), Optional.empty(), Revision.MAIN, false),
                Follower.NONE);

    assertThat(report.keptRefs()).hasSize(1);
    assertThat(snapshot(second.hub(), newer)).hasSize(1);
    first.assertEmpty();
  }

  @Test
  void export_ofARevisionThatIsNotHere_namesThoseThatAre() throws IOException {
    Site site = site("mine");
    put(site, COMMIT, "config.json", CONFIG, false);
    ref(site, "v1", COMMIT);

    assertThatThrownBy(
            () ->
                site.archives()
                    .export(
                        new ExportRequest(REPO, Optional.empty(), directory.resolve("out"), false),
                        Follower.NONE))
        .hasMessageContaining("of it are here: v1")
        .hasMessageContaining("larder pull o/r@main");
  }

  @Test
  void export_ofFilesThatNothingTellsOf_namesThem() throws IOException {
    Site site = site("mine");
    Path own =
        site.hub().resolve(FOLDER).resolve("snapshots").resolve(COMMIT.hex()).resolve("own.txt");
    Files.createDirectories(own.getParent());
    Files.writeString(own, "own");
    ref(site, "main", COMMIT);

    ExportReport report = export(site, directory.resolve("out"), false);

    assertThat(report.files()).isZero();
    assertThat(report.leftOut())
        .singleElement()
        .matches(left -> left.why().contains("nothing says what it should hold"));
  }
}
