package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.access.Access;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.store.LocalDisk;
import dev.larder.store.RoomMaker.Need;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreException.BlobMismatch;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the rooms themselves did is what is told of it. */
final class WhyHistoryTest extends RemovalFixture {
  private static final byte[] LARGE = Bytes.of(1, 100_000);
  private static final byte[] SMALL = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);

  private WhyReport why(String target) {
    return why(new Why.Rooms(store, catalog, tree, tokens(), List.of()), target);
  }

  private dev.larder.access.Tokens tokens() {
    return Access.openToRead(
            root.resolve("larder"),
            catalog,
            new Access.Terms(Duration.ofMinutes(1), Optional.empty()),
            InstantSource.system())
        .tokens();
  }

  private static WhyReport why(Why.Rooms rooms, String target) {
    return new Why(rooms, new Why.Terms(false, false, false, Duration.ZERO, InstantSource.system()))
        .explain(WhyRequest.read(target));
  }

  @Test
  void evictedByTheRoomKeeper_isToldOfTheRepoTheFileAndTheBytes() {
    try (Kept kept =
        new Kept(
            directory.resolve("kept"), new LocalDisk(), new StoreLimits(150_000, 0), catalog)) {
      RepoId repo = RepoId.parse("datasets/o/pub");
      Digest digest = kept.keep(repo, FIRST, "model.bin", LARGE, 1000);
      try (RoomKeeper keeper =
          kept.keeper(new Ballast(new LocalDisk(), directory.resolve("kept/larder"), 0), Set::of)) {
        assertThat(
                keeper.makeRoom(new Need("another", 100_000, true, false), Duration.ofSeconds(9)))
            .isEmpty();
      }
      Why.Rooms rooms = new Why.Rooms(kept.store, catalog, kept.tree, tokens(), List.of());

      for (String target :
          List.of("datasets/o/pub", "datasets/o/pub:model.bin", "blob:" + digest.hex())) {
        assertThat(why(rooms, target).decisions())
            .singleElement()
            .satisfies(
                gone -> {
                  assertThat(gone.kind()).isEqualTo("evicted");
                  assertThat(gone.object()).isEqualTo("datasets/o/pub:model.bin");
                  assertThat(gone.detail()).startsWith("100.0 kB went to make room for another: ");
                });
      }
    }
  }

  @Test
  void removedByRm_isToldWithWhoDidIt() {
    Digest _ = pulled(REPO, FIRST, "model.bin", LARGE);
    ref(REPO, "main", FIRST);
    Digest _ = pulled(REPO, SECOND, "model.bin", Bytes.of(2, 100_000));
    ref(REPO, "v2", SECOND);
    RemovalReport _ = remove("o/r@main");

    for (String target : List.of("o/r", "o/r@main", "o/r@main:model.bin", "o/r@" + FIRST)) {
      assertThat(why(target).decisions())
          .singleElement()
          .satisfies(
              gone -> {
                assertThat(gone.kind()).isEqualTo("removed");
                assertThat(gone.object()).isEqualTo("o/r@main");
                assertThat(gone.caller()).isEqualTo("ann");
                assertThat(gone.detail()).contains("larder rm", "100.0 kB came free");
              });
    }
    assertThat(why("o/r@v2").decisions()).isEmpty();

    RemovalReport _ = remove("o/r");
    assertThat(why("o/r@v2").decisions().getFirst().kind()).isEqualTo("removed");
  }

  @Test
  void removedByPrune_isToldWithItsReason() {
    Digest orphan = stored(LARGE);
    later = Duration.ofDays(2);
    assertThat(prune().gone()).hasSize(1);

    assertThat(why("blob:" + orphan.hex()).decisions())
        .singleElement()
        .satisfies(gone -> assertThat(gone.detail()).contains("prune", "nothing led to it"));
  }

  private Digest stored(byte[] bytes) {
    try (StagedBlob staged = store.stage(Bytes.digest(bytes), bytes.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(bytes));
      return staged.commit();
    }
  }

  @Test
  void smallFileThatVerifyQuarantined_isNotCachedAndSaysSo() throws IOException {
    Digest digest = pulled(REPO, FIRST, "config.json", SMALL);
    ref(REPO, "main", FIRST);
    Path file = snapshot(REPO, FIRST).resolve("config.json").toRealPath();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    byte[] wrong = "{\"a\": 2}".getBytes(StandardCharsets.UTF_8);
    Files.write(file, wrong);
    assertThat(why("o/r:config.json").cached()).isTrue();
    VerifyReport _ =
        new Verifier(store, tree, catalog, new Away(), InstantSource.system())
            .verify(new VerifyRequest(List.of(), true), VerifyListener.NONE);

    WhyReport report = why("o/r:config.json");

    assertThat(report.cached()).isFalse();
    assertThat(report.next()).contains("fetched from the hub");
    assertThat(report.facts())
        .extracting(WhyReport.Fact::text)
        .anyMatch(text -> text.contains("in quarantine"));
    for (String target : List.of("o/r:config.json", "o/r", "blob:" + Bytes.gitId(SMALL).hex())) {
      assertThat(why(target).decisions())
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.kind()).isEqualTo("quarantined");
                assertThat(each.detail())
                    .contains("verify", digest.hex(), Bytes.digest(wrong).hex());
              });
    }
    assertThat(why("o/r").decisions().getFirst().object()).isEqualTo("o/r:config.json");
  }

  private static final class Away implements Verifier.Refetch {
    @Override
    public void fetch(RepoId repo, Commit commit, EntryPath path) {
      throw new dev.larder.hubcache.HubTreeException("nobody is there", null);
    }

    @Override
    public Commit resolve(RepoId repo, Revision revision) {
      throw new dev.larder.hubcache.HubTreeException("nobody is there", null);
    }
  }

  @Test
  void downloadThatBroughtOtherBytes_saysWhichWereExpectedAndWhichCame() {
    GitBlobId expected = new GitBlobId("a".repeat(40));
    EntryPath path = new EntryPath("config.json");
    catalog.putEntries(List.of(new EntryRow(REPO, FIRST, path, expected, SMALL.length, false)));
    ref(REPO, "main", FIRST);
    try (StagedBlob staged = store.stage(expected, SMALL.length, Map.of())) {
      staged.write(0, ByteBuffer.wrap(SMALL));
      assertThatThrownBy(staged::commit).isInstanceOf(BlobMismatch.class);
    }

    assertThat(why("o/r:config.json").decisions())
        .singleElement()
        .satisfies(
            each -> assertThat(each.detail()).contains(expected.hex(), Bytes.gitId(SMALL).hex()));
  }

  @Test
  void fileThatAPullPutThere_isLardersOwn() {
    Digest _ = pulled(REPO, FIRST, "model.bin", LARGE);
    ref(REPO, "main", FIRST);

    assertThat(why("o/r:model.bin").facts())
        .extracting(WhyReport.Fact::text)
        .anyMatch(text -> text.endsWith("Larder put it there."));
  }
}
