package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.provision.Archives.BackupRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.KeptRef;
import dev.larder.provision.Archives.RestoreReport;
import dev.larder.provision.Archives.RestoreRequest;
import dev.larder.provision.ProvisionException.AlreadyThere;
import dev.larder.provision.ProvisionException.ArchiveRefused;
import dev.larder.provision.ProvisionException.NotHere;
import dev.larder.provision.ProvisionException.TooLarge;
import dev.larder.store.Flock;
import dev.larder.store.Lookup;
import dev.larder.store.StoreException.StoreFull;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a backup holds, and what comes out of it elsewhere. */
class BackupTest extends ProvisionFixture {
  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATE = Instant.parse("2026-02-01T00:00:00Z");
  private static final Commit OTHER = new Commit("2".repeat(40));

  @Test
  void backup_restoredElsewhere_isTheSame() throws IOException {
    Site from = filled("from");
    Site to = site("to");

    BackupReport backup = from.backup(file("a.tar.zst"));
    RestoreReport restored = to.restore(file("a.tar.zst"));

    assertThat(backup.leftOut()).isEmpty();
    assertThat(backup.blobs()).isEqualTo(2);
    assertThat(restored.ours()).isTrue();
    assertThat(restored.newBytes()).isEqualTo(300_050);
    assertSameSnapshot(from.hub(), to.hub());
    assertThat(to.rooms().tree().inspect(REPO).orElseThrow().problems()).isEmpty();
    assertThat(to.rooms().store().space().reservedBytes()).isZero();
    assertThat(files(to.root().resolve("larder/tmp"))).isEmpty();
    GitBlobId id = new GitBlobId(gitId(Bytes.of(2, 50)));
    assertThat(to.rooms().catalog().blobOf(id)).contains(Bytes.digest(Bytes.of(2, 50)));
  }

  @Test
  void backup_ofWhatTheCatalogKnows_bringsItAlong() throws IOException {
    Site from = filled("from");
    Site to = site("to");
    from.rooms().catalog().putRepo(new RepoRow(REPO, Visibility.RESTRICTED, EARLY, "o/r"));
    from.rooms().catalog().putRef(new RefRow(REPO, Revision.MAIN, COMMIT, EARLY));
    Digest model = Bytes.digest(Bytes.of(1, 300_000));
    ListedFile listed =
        new ListedFile(new EntryPath("absent"), 7, "a".repeat(40), Optional.of(model));
    from.rooms().tree().writeListing(REPO, COMMIT, List.of(listed));

    from.backup(file("a"), REPO);
    to.restore(file("a"));

    assertThat(to.rooms().catalog().repo(REPO).orElseThrow().visibility())
        .isEqualTo(Visibility.RESTRICTED);
    assertThat(to.rooms().catalog().ref(REPO, Revision.MAIN).orElseThrow().confirmedAt())
        .isEqualTo(EARLY);
    assertThat(to.rooms().tree().listing(REPO, COMMIT)).contains(List.of(listed));
    assertThat(to.rooms().catalog().entries(REPO, COMMIT)).hasSize(2);
  }

  @Test
  void backup_ofFilesThatOnlyTheStoreHas_keepsThemOutOfTheTree() throws IOException {
    Site from = filled("from");
    Site to = site("to");
    from.backup(file("first"));
    to.restore(file("first"));
    Files.walk(to.hub().resolve(FOLDER))
        .sorted(java.util.Comparator.reverseOrder())
        .forEach(path -> path.toFile().delete());
    to.rooms().catalog().putRepo(new RepoRow(REPO, Visibility.RESTRICTED, EARLY, "o/r"));
    Site last = site("last");

    to.backup(file("second"));
    RestoreReport restored = last.restore(file("second"));

    assertThat(restored.files()).isEqualTo(2);
    assertThat(last.rooms().store().list()).hasSize(2);
    assertThat(last.rooms().catalog().ref(REPO, Revision.MAIN)).isPresent();
    assertThat(last.rooms().tree().scan()).isEmpty();
  }

  @Test
  void restore_overOtherRefs_keepsWhatWasConfirmedLater() throws IOException {
    Site from = filled("from");
    from.rooms().catalog().putRef(new RefRow(REPO, Revision.MAIN, COMMIT, EARLY));
    from.backup(file("a"));
    Site newer = other("newer", LATE);
    Site older = other("older", Instant.EPOCH);

    RestoreReport kept = newer.restore(file("a"));
    RestoreReport moved = older.restore(file("a"));

    assertThat(kept.keptRefs())
        .containsExactly(new KeptRef(REPO, Revision.MAIN, OTHER.hex(), COMMIT.hex()));
    assertThat(newer.rooms().tree().ref(REPO, Revision.MAIN)).contains(OTHER);
    assertThat(snapshot(newer.hub(), COMMIT)).hasSize(2);
    assertThat(moved.keptRefs()).isEmpty();
    assertThat(older.rooms().tree().ref(REPO, Revision.MAIN)).contains(COMMIT);
  }

  private Site other(String name, Instant confirmedAt) throws IOException {
    Site site = site(name);
    put(site, OTHER, "config.json", Bytes.of(9, 10), false);
    ref(site, "main", OTHER);
    site.rooms().catalog().putRef(new RefRow(REPO, Revision.MAIN, OTHER, confirmedAt));
    return site;
  }

  @Test
  void restore_twice_bringsNothingNew() throws IOException {
    filled("from").backup(file("a"));
    Site to = site("to");
    to.restore(file("a"));

    assertThat(to.restore(file("a")).newBytes()).isZero();
  }

  @Test
  void restore_onlyTried_changesNothing() throws IOException {
    filled("from").backup(file("a"));
    Site to = site("to");

    RestoreReport report =
        to.archives().restore(new RestoreRequest(file("a"), true), Follower.NONE);

    assertThat(report.files()).isEqualTo(2);
    assertThat(report.newBytes()).isEqualTo(300_050);
    to.assertEmpty();
  }

  @Test
  void restore_cutAtEvery64KiB_isRefusedWhole() throws IOException {
    filled("from").backup(file("a"));
    byte[] archive = Files.readAllBytes(file("a"));
    Site to = site("to");
    int cuts = 0;
    for (int length = 0; length < archive.length; length += 64 << 10, cuts++) {
      Path cut = Files.write(file("cut"), Arrays.copyOf(archive, length));
      assertThatThrownBy(() -> to.restore(cut)).isInstanceOf(ArchiveRefused.class);
      to.assertEmpty();
    }
    Path last = Files.write(file("cut"), Arrays.copyOf(archive, archive.length - 1));
    assertThatThrownBy(() -> to.restore(last)).isInstanceOf(ArchiveRefused.class);
    to.assertEmpty();
    assertThat(cuts).isGreaterThan(4);
  }

  @Test
  void restore_ofAnyFlippedByte_isRefusedWhole() throws IOException {
    filled("from").backup(file("a"));
    byte[] archive = Files.readAllBytes(file("a"));
    Site to = site("to");
    for (int at = 1000; at < archive.length; at += archive.length / 40) {
      byte[] damaged = archive.clone();
      damaged[at] ^= 4;
      Path file = Files.write(file("damaged"), damaged);
      assertThatThrownBy(() -> to.restore(file))
          .as("byte %d", at)
          .isInstanceOf(ArchiveRefused.class);
      to.assertEmpty();
    }
  }

  @Test
  void restore_ofAManifestThatSaysOtherwise_isRefused() throws IOException {
    filled("from").backup(file("a"));
    byte[] tar = Zstd.decompress(Files.readAllBytes(file("a")), 10 << 20);
    Site to = site("to");
    for (String[] change :
        new String[][] {
          {"\"version\":1", "\"version\":2"},
          {"\"size_bytes\":50", "\"size_bytes\":51"},
          {"onnx/model.bin\",", "onnx/mod3l.bin\","},
          {"\"revision\":\"main\"", "\"revision\":\"mAin\""},
          {"\"in_tree\":true", "\"in_tree\":null"},
          {"larder-backup\"", "larder-backuq\""}
        }) {
      String text = new String(tar, StandardCharsets.ISO_8859_1);
      int at = text.lastIndexOf(change[0]);
      assertThat(at).as(change[0]).isPositive();
      String changed = text.substring(0, at) + change[1] + text.substring(at + change[0].length());
      Path file =
          Files.write(
              file("changed"), Zstd.compress(changed.getBytes(StandardCharsets.ISO_8859_1), 1));
      assertThatThrownBy(() -> to.restore(file))
          .as(change[1])
          .isInstanceOf(ArchiveRefused.class)
          .hasMessageContaining(Place.MANIFEST);
      to.assertEmpty();
    }
  }

  @Test
  void restore_whereItDoesNotFit_isRefusedAtOnceAndLeavesNothing() throws IOException {
    filled("from").backup(file("a"));
    Site to = site("to", new StoreLimits(200_000, 0));

    assertThatThrownBy(() -> to.restore(file("a"))).isInstanceOf(StoreFull.class);

    to.assertEmpty();
  }

  @Test
  void backup_ofADamagedFile_leavesItOutAndSaysSo() throws IOException {
    Site from = site("from");
    Path blob = put(from, COMMIT, "model.bin", Bytes.of(1, 100_000), true);
    put(from, COMMIT, "config.json", Bytes.of(2, 50), false);
    ref(from, "main", COMMIT);
    Files.write(blob, Bytes.of(3, 100_000));

    BackupReport report = from.backup(file("a"));

    assertThat(report.leftOut()).hasSize(1);
    assertThat(report.leftOut().getFirst().what()).endsWith("/model.bin");
    assertThat(report.leftOut().getFirst().wrong()).isTrue();
    Site to = site("to");
    assertThat(to.restore(file("a")).files()).isEqualTo(1);
  }

  @Test
  void backup_ofABlobThatRottedUnseen_isWrittenAgainWithoutIt() throws IOException {
    Site from = filled("from");
    from.backup(file("sound"));
    Digest model = Bytes.digest(Bytes.of(1, 300_000));
    Path blob = from.rooms().store().path(model);
    var times = Files.getLastModifiedTime(blob);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[1000] ^= 1;
    blob.toFile().setWritable(true);
    Files.write(blob, bytes);
    Files.setLastModifiedTime(blob, times);
    from.rooms().store().relinked(model); // As if the disk had done it: the fingerprint fits.

    BackupReport report = from.backup(file("a"));

    assertThat(report.leftOut()).singleElement().matches(left -> left.wrong());
    assertThat(site("to").restore(file("a")).files()).isEqualTo(1);
  }

  @Test
  void backup_ofARepoThatGoesMeanwhile_leavesItOut() throws IOException {
    Site from = filled("from");
    BackupPlan plan =
        new BackupPlan.Maker(from.rooms()).make(REPO, from.rooms().tree().inspect(REPO));
    Files.delete(put(from, COMMIT, "other", Bytes.of(1, 300_000), true));

    var out = new java.io.ByteArrayOutputStream();
    RepoCopy copy =
        new RepoCopy(
            from.rooms(),
            plan,
            new TarWriter(out, 0),
            java.util.Map.of(),
            new Backup.Progress(Follower.NONE, 0));

    assertThat(copy.run().orElseThrow().snapshots()).isEmpty();
    assertThat(copy.leftOut().getFirst().why()).contains("went meanwhile");
  }

  @Test
  void backup_overAFile_needsConsent() throws IOException {
    Site from = filled("from");
    Files.writeString(file("a"), "mine");

    assertThatThrownBy(() -> from.backup(file("a"))).isInstanceOf(AlreadyThere.class);
    assertThat(file("a")).hasContent("mine");

    from.archives().backup(new BackupRequest(file("a"), List.of(), true), Follower.NONE);
    assertThat(site("to").restore(file("a")).files()).isEqualTo(2);
  }

  @Test
  void backup_thatFails_leavesNoFile() throws IOException {
    Site from = filled("from");
    Follower cut =
        (_, _, _) -> {
          throw new IllegalStateException("the client is gone");
        };

    assertThatThrownBy(
            () -> from.archives().backup(new BackupRequest(file("x/a"), List.of(), false), cut))
        .hasMessageContaining("x");
    Files.createDirectories(file("x"));
    assertThatThrownBy(
            () -> from.archives().backup(new BackupRequest(file("x/a"), List.of(), false), cut))
        .hasMessageContaining("the client is gone");

    assertThat(files(file("x"))).isEmpty();
  }

  @Test
  void partOfABackup_goesWhenNobodyWritesIt_andStaysWhileAnotherContainerDoes() throws IOException {
    Site from = filled("from");
    Files.createDirectories(file("x"));
    String left = ".a." + "0".repeat(36) + ".larder-part";
    String written = ".a." + "1".repeat(36) + ".larder-part";
    Files.writeString(file("x").resolve(left), "");
    // Whose process number says nothing here: only the lock is one for all.
    try (Flock _ = Flock.tryAcquire(file("x").resolve(written), 0600).orElseThrow()) {
      from.backup(file("x/a"));
    }

    assertThat(files(file("x"))).containsExactlyInAnyOrder(written, "a");
  }

  @Test
  void twoBackups_toOneFile_bothEndWell() throws IOException {
    Site from = filled("from");
    AtomicBoolean begun = new AtomicBoolean();
    Follower another =
        (_, _, _) -> {
          if (begun.compareAndSet(false, true)) {
            from.backup(file("a"));
          }
        };

    from.archives().backup(new BackupRequest(file("a"), List.of(), true), another);

    assertThat(site("to").restore(file("a")).files()).isEqualTo(2);
    assertThat(begun).isTrue();
  }

  @Test
  void backup_ofWhatIsNotHere_saysSo() throws IOException {
    assertThatThrownBy(() -> filled("from").backup(file("a"), RepoId.model("o/none")))
        .isInstanceOf(NotHere.class);
    assertThat(file("a")).doesNotExist();
  }

  @Test
  void restore_ofARepoThatLivesInAnotherCache_goesThere() throws IOException {
    filled("from").backup(file("a"));
    Site first = site("first");
    Site second = other("second", LATE);
    Archives both =
        new LocalArchives(List.of(first.rooms(), second.rooms()), _ -> second.rooms(), AWAY);

    RestoreReport restored = both.restore(new RestoreRequest(file("a"), false), Follower.NONE);

    assertThat(restored.keptRefs())
        .containsExactly(new KeptRef(REPO, Revision.MAIN, OTHER.hex(), COMMIT.hex()));
    assertThat(snapshot(second.hub(), COMMIT)).hasSize(2);
    assertThat(second.rooms().tree().ref(REPO, Revision.MAIN)).contains(OTHER);
    first.assertEmpty();
  }

  @Test
  void restore_ofWhatIsHere_needsNoRoom() throws IOException {
    filled("from").backup(file("a"));
    Site to = site("to", new StoreLimits(400_000, 0));
    to.restore(file("a"));

    assertThat(to.restore(file("a")).newBytes()).isZero();
    assertThat(to.rooms().store().space().reservedBytes()).isZero();
  }

  @Test
  void restore_ofABlobThatTwoReposShare_needsRoomForOne() throws IOException {
    Site from = filled("from");
    try (var all = Files.walk(from.hub().resolve(FOLDER))) {
      for (Path path : all.toList()) {
        Path copy = from.hub().resolve(path.toString().replace(FOLDER, "models--o--s"));
        Files.copy(path, copy, java.nio.file.LinkOption.NOFOLLOW_LINKS);
      }
    }
    from.backup(file("a"));
    Site to = site("to", new StoreLimits(400_000, 0));

    assertThat(to.restore(file("a")).repos()).hasSize(2);
  }

  @Test
  void restore_whileOthersRemoveWhatIsHere_isWhole() throws IOException {
    filled("from").backup(file("a"));
    Site to = site("to");
    to.restore(file("a"));
    Follower remover =
        (_, _, _) -> to.rooms().store().list().forEach(b -> to.rooms().store().remove(b.digest()));

    to.archives().restore(new RestoreRequest(file("a"), false), remover);

    for (Digest digest :
        List.of(Bytes.digest(Bytes.of(1, 300_000)), Bytes.digest(Bytes.of(2, 50)))) {
      assertThat(to.rooms().store().find(digest)).isInstanceOf(Lookup.Present.class);
    }
  }

  @Test
  void restore_ofTimesToCome_confirmsNothing() throws IOException {
    Site from = filled("from");
    Instant future = CLOCK.instant().plusSeconds(1);
    from.rooms().catalog().putRepo(new RepoRow(REPO, Visibility.RESTRICTED, future, "o/r"));
    from.rooms().catalog().putRef(new RefRow(REPO, Revision.MAIN, COMMIT, future));
    from.backup(file("a"));
    Site to = site("to");
    Site newer = other("newer", EARLY);

    to.restore(file("a"));

    assertThat(newer.restore(file("a")).keptRefs()).hasSize(1);
    assertThat(to.rooms().catalog().ref(REPO, Revision.MAIN).orElseThrow().confirmedAt())
        .isEqualTo(Instant.EPOCH);
    assertThat(to.rooms().catalog().repo(REPO).orElseThrow().checkedAt())
        .isEqualTo(CLOCK.instant());
  }

  @Test
  void restore_ofARepoThatIsSaidToBePublic_leavesThatToTheHub() throws IOException {
    Site from = filled("from");
    from.rooms().catalog().putRepo(new RepoRow(REPO, Visibility.PUBLIC, EARLY, "o/r"));
    from.backup(file("a"));
    Site to = site("to");
    Site unasked = other("unasked", EARLY);

    to.restore(file("a"));
    unasked.restore(file("a"));

    assertThat(to.rooms().catalog().repo(REPO).orElseThrow().checkedAt()).isEqualTo(Instant.EPOCH);
    assertThat(unasked.rooms().catalog().repo(REPO)).isEmpty();
  }

  @Test
  void backup_ofNamesThatLookTheSame_leavesOneOutAndIsRestored() throws IOException {
    Site from = filled("from");
    ref(from, "v1.0", COMMIT);
    ref(from, "V1.0", COMMIT);
    put(from, COMMIT, "caf\u00e9.txt", Bytes.of(3, 30), false);
    put(from, COMMIT, "cafe\u0301.txt", Bytes.of(4, 30), false);
    put(from, COMMIT, "stra\u00dfe.txt", Bytes.of(5, 30), false);
    put(from, COMMIT, "STRASSE.txt", Bytes.of(6, 30), false);

    BackupReport report = from.backup(file("a"));

    assertThat(report.leftOut())
        .hasSize(3)
        .allMatch(left -> left.why().contains("upper and lower case"));
    Site to = site("to");
    assertThat(to.restore(file("a")).files()).isEqualTo(4);
    assertThat(to.rooms().tree().inspect(REPO).orElseThrow().refs()).hasSize(2);
  }

  @Test
  void backup_ofANameThatIsTooLongForAnArchive_leavesItOutAndIsRestored() throws IOException {
    Site from = filled("from");
    put(from, COMMIT, ("d".repeat(200) + "/").repeat(4) + "e".repeat(200), Bytes.of(3, 9), false);

    BackupReport report = from.backup(file("a"));

    assertThat(report.leftOut()).singleElement().matches(left -> left.why().contains("longer"));
    assertThat(site("to").restore(file("a")).files()).isEqualTo(2);
  }

  @Test
  void backup_ofMoreThanAnArchiveHolds_isRefusedBeforeAByteIsWritten() {
    List<BackupPlan.Ref> refs = new ArrayList<>();
    for (int i = 0; i < Place.MOST_ENTRIES; i++) {
      refs.add(new BackupPlan.Ref(Revision.MAIN, COMMIT, EARLY, true));
    }
    BackupPlan many = new BackupPlan(REPO, Optional.empty(), Map.of(), Map.of(), refs, List.of());
    String longName = "d/".repeat(400);
    List<BackupPlan.File> files = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      files.add(
          new BackupPlan.File(
              new EntryPath(longName + i), new GitBlobId("0".repeat(40)), true, false));
    }
    BackupPlan large =
        new BackupPlan(
            REPO, Optional.empty(), Map.of(), Map.of(COMMIT, files), List.of(), List.of());

    assertThatThrownBy(() -> Backup.requireAnArchive(file("a"), List.of(many)))
        .isInstanceOf(TooLarge.class)
        .hasMessageContaining("300001 entries");
    assertThatThrownBy(() -> Backup.requireAnArchive(file("a"), List.of(large)))
        .isInstanceOf(TooLarge.class)
        .hasMessageContaining("description");
  }

  @Test
  void backup_ofALongListing_keepsItOutOfTheDescription() throws IOException {
    Site from = filled("from");
    List<ListedFile> listing = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      listing.add(
          new ListedFile(new EntryPath("f" + i), 7, "%040x".formatted(i), Optional.empty()));
    }
    from.rooms().tree().writeListing(REPO, COMMIT, listing);
    from.backup(file("a"));
    Site to = site("to");

    to.restore(file("a"));

    assertThat(to.rooms().tree().listing(REPO, COMMIT).orElseThrow())
        .containsExactlyInAnyOrderElementsOf(listing);
    byte[] tar = Zstd.decompress(Files.readAllBytes(file("a")), 20 << 20);
    String text = new String(tar, StandardCharsets.ISO_8859_1);
    assertThat(text.indexOf("f19999")).isEqualTo(text.lastIndexOf("f19999"));
  }
}
