package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.content.Digest;
import dev.larder.mirror.Caller;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.Finding.Kind;
import dev.larder.upkeep.Finding.Outcome;
import dev.larder.upkeep.ScrubStatus;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code verify} finds over a real root, and what its repair really repaired. */
final class VerifyTest extends SiteFixture {
  private final byte[] model = Bytes.of(21, 400_000);
  private final Digest digest = Bytes.digest(model);

  /** Two files through a server, which has stopped by then. */
  private OnDisk broughtIn() {
    repo.lfs("model.bin", model).file("config.json", "{\"a\": 1}");
    repo.commit("main");
    assertThat(get(MODEL).body()).isEqualTo(model);
    assertThat(get("/hf/o/r/resolve/main/config.json").status()).isEqualTo(200);
    return stop();
  }

  private VerifyReport verify(boolean repair) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.verify(new VerifyRequest(List.of(), repair), VerifyListener.NONE);
    }
  }

  private static Finding only(VerifyReport report) {
    assertThat(report.findings()).hasSize(1);
    return report.findings().getFirst();
  }

  private static Path blob(OnDisk disk, Digest digest) {
    return disk.root().resolve("larder/store/sha256").resolve(digest.shard()).resolve(digest.hex());
  }

  private static void damage(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
  }

  private void deleteTree() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("hub"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void repair_blobThatOnlyTheCatalogPlaces_isFetchedAgain() throws IOException {
    OnDisk disk = broughtIn();
    deleteTree();
    damage(blob(disk, digest));

    VerifyReport report = verify(true);

    assertThat(only(report).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(only(report).detail()).contains("fetched again from o/r@").endsWith("/model.bin.");
    assertThat(report.sound()).isTrue();
    assertThat(Files.readAllBytes(blob(disk, digest))).isEqualTo(model);
  }

  @Test
  void repair_blobThatNobodyKnows_isQuarantinedAndNotCalledRepaired() throws IOException {
    byte[] bytes = Bytes.of(22, 50_000);
    Digest unknown = Bytes.digest(bytes);
    OnDisk disk = broughtIn();
    Files.createDirectories(blob(disk, unknown).getParent());
    Files.write(blob(disk, unknown), bytes);
    assertThat(verify(false).sound()).isTrue();
    damage(blob(disk, unknown));

    VerifyReport report = verify(true);

    assertThat(only(report).outcome()).isEqualTo(Outcome.QUARANTINED);
    assertThat(only(report).detail()).contains("nothing to fetch it from");
    assertThat(report.sound()).isFalse();
    assertThat(blob(disk, unknown)).doesNotExist();
    assertThat(disk.quarantined()).hasSize(1);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void findings_inTheTree_haveTheirKinds() throws IOException {
    OnDisk disk = broughtIn();
    Files.writeString(disk.inTree(FOLDER, "refs/torn"), "0123");
    Files.writeString(disk.inTree(FOLDER, "refs/nowhere"), "1".repeat(40));
    Path snapshot = disk.inTree(FOLDER, "snapshots/" + "2".repeat(40));
    Files.createDirectories(snapshot);
    Files.createSymbolicLink(snapshot.resolve("a.bin"), Path.of("../../blobs/" + "3".repeat(40)));
    Files.writeString(disk.inTree(FOLDER, "notes.txt"), "a ref or a link");

    assertThat(verify(false).findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(Kind.TORN_REF, Kind.TORN_REF, Kind.DANGLING_LINK, Kind.STRAY);
  }

  private void tear(String ref, String text) throws IOException {
    Files.writeString(new OnDisk(root).inTree(FOLDER, "refs/" + ref), text);
  }

  @Test
  void repair_tornRef_isWrittenFromTheCatalogWithoutTheHub() throws IOException {
    OnDisk disk = broughtIn();
    String commit = Files.readString(disk.inTree(FOLDER, "refs/main"));
    tear("main", "0123");
    hub.away();

    VerifyReport report = verify(true);

    assertThat(only(report).kind()).isEqualTo(Kind.TORN_REF);
    assertThat(report.sound()).isTrue();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void repair_tornRef_catalogLost_isWrittenFromTheHub() throws IOException {
    OnDisk disk = broughtIn();
    String commit = Files.readString(disk.inTree(FOLDER, "refs/main"));
    tear("main", "");
    Files.delete(root.resolve("larder/catalog.db"));

    assertThat(verify(true).sound()).isTrue();
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit);
  }

  @Test
  void repair_tornRefThatNobodyCanTell_isLeftAndSaysWhy() throws IOException {
    broughtIn();
    tear("lost", "0123");
    hub.away();

    Finding found = only(verify(true));

    assertThat(found.outcome()).isEqualTo(Outcome.LEFT);
    assertThat(found.detail()).contains("refs/lost is torn").contains(hub.uri().getHost());
  }

  /** No pull could mend it: there is nothing to pull. */
  @Test
  void repair_tornRefThatTheHubDoesNotHave_namesTheFileToDelete() throws IOException {
    OnDisk disk = broughtIn();
    tear("lost", "0123");
    Path ref = disk.inTree(FOLDER, "refs/lost");

    assertThat(only(verify(true)).detail()).endsWith("delete " + ref + ".");

    Files.delete(ref);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void repair_refWithoutASnapshot_isLeftAndNoEmptySnapshotIsMade() throws IOException {
    OnDisk disk = broughtIn();
    repo.file("new.txt", "new");
    String moved = repo.commit("main").hex();
    tear("main", moved);
    Files.delete(root.resolve("larder/catalog.db"));

    Finding found = only(verify(true));

    assertThat(found.outcome()).isEqualTo(Outcome.LEFT);
    assertThat(found.detail()).contains("larder pull o/r@main");
    assertThat(disk.inTree(FOLDER, "snapshots/" + moved)).doesNotExist();
  }

  @Test
  void repair_danglingLink_isMadeFromTheStoreWithoutTheHub() throws IOException {
    OnDisk disk = broughtIn();
    Files.delete(disk.inTree(FOLDER, "blobs/" + digest.hex()));
    hub.away();

    VerifyReport report = verify(true);

    assertThat(only(report).kind()).isEqualTo(Kind.DANGLING_LINK);
    assertThat(report.sound()).isTrue();
    assertThat(disk.inTree(FOLDER, "blobs/" + digest.hex())).hasBinaryContent(model);
    assertThat(verify(false).findings()).isEmpty();
  }

  @Test
  void repair_danglingLink_blobGone_isFetchedAgain() throws IOException {
    OnDisk disk = broughtIn();
    Files.delete(disk.inTree(FOLDER, "blobs/" + digest.hex()));
    Files.delete(blob(disk, digest));

    assertThat(verify(true).findings())
        .isNotEmpty()
        .allMatch(Finding::repaired)
        .anyMatch(found -> found.kind() == Kind.DANGLING_LINK);
    assertThat(disk.inTree(FOLDER, "blobs/" + digest.hex())).hasBinaryContent(model);
  }

  @Test
  void repair_danglingLink_blobGoneAndHubAway_isLeft() throws IOException {
    OnDisk disk = broughtIn();
    Files.delete(disk.inTree(FOLDER, "blobs/" + digest.hex()));
    Files.delete(blob(disk, digest));
    hub.away();

    assertThat(verify(true).findings())
        .filteredOn(found -> found.kind() == Kind.DANGLING_LINK)
        .singleElement()
        .satisfies(found -> assertThat(found.outcome()).isEqualTo(Outcome.LEFT));
  }

  @Test
  void verify_rootToReadOnly_countsEachFileOnce() {
    broughtIn();
    StoreReadOnly reason = new StoreReadOnly("It is read-only.", false, new IOException("test"));
    try (House house = House.openToRead(settings(), reason, clock, Joining.AT_ONCE)) {
      VerifyReport report =
          house
              .located()
              .primary()
              .verifier(Caller.ANONYMOUS)
              .verify(new VerifyRequest(List.of(), false), VerifyListener.NONE);
      assertThat(report.findings()).isEmpty();
      assertThat(report.blobs()).isEqualTo(2);
      assertThat(report.bytes()).isEqualTo(model.length + "{\"a\": 1}".length());
    }
  }

  @Test
  void verify_inAServer_hashesOnPlatformThreads() {
    broughtIn();
    start();
    Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
    new ServedStore(server().house(), Map.of(), new LinkedHashMap<>())
        .verify(
            new VerifyRequest(List.of(), false),
            Caller.ANONYMOUS,
            new VerifyListener() {
              @Override
              public void progress(String name, long checkedBytes, long totalBytes) {
                virtual.add(Thread.currentThread().isVirtual());
                assertThat(checkedBytes).isBetween(1L, totalBytes);
              }
            });
    assertThat(virtual).containsExactly(false);
  }

  @Test
  void repair_blobsExchanged_areFetchedAgain() throws IOException {
    byte[] other = Bytes.of(23, 400_000);
    repo.lfs("other.bin", other);
    OnDisk disk = broughtIn();
    start();
    assertThat(get("/hf/o/r/resolve/main/other.bin").body()).isEqualTo(other);
    stop();
    Path one = blob(disk, digest);
    Path two = blob(disk, Bytes.digest(other));
    Path aside = one.resolveSibling("aside");
    Files.move(one, aside);
    Files.move(two, one);
    Files.move(aside, two);

    assertThat(verify(false).findings())
        .extracting(Finding::kind)
        .contains(Kind.DAMAGED_BLOB, Kind.DAMAGED_BLOB);
    assertThat(verify(true).sound()).isTrue();
    assertThat(verify(false).findings()).isEmpty();
    assertThat(disk.inTree(FOLDER, "blobs/" + digest.hex())).hasBinaryContent(model);
    assertThat(one).hasBinaryContent(model);
    assertThat(two).hasBinaryContent(other);
  }

  @Test
  void blobGoneFromStoreAndTree_isMissingUntilItIsRepaired() throws IOException {
    OnDisk disk = broughtIn();
    deleteTree();
    Files.delete(blob(disk, digest));

    assertThat(only(verify(false)).kind()).isEqualTo(Kind.MISSING_BLOB);
    assertThat(only(verify(false)).outcome()).as("told again").isEqualTo(Outcome.LEFT);
    assertThat(only(verify(true)).outcome()).isEqualTo(Outcome.REPAIRED);
    assertThat(blob(disk, digest)).hasBinaryContent(model);
    assertThat(verify(false).findings()).isEmpty();
  }

  /** What could not be fetched is known the next time, and the rest is right already. */
  @Test
  void repair_hubAway_doesTheRestAndCanBeRepeated() throws IOException {
    OnDisk disk = broughtIn();
    damage(blob(disk, digest));
    Path config = disk.inTree(FOLDER, "refs/main");
    String commit = Files.readString(config);
    tear("main", "0123");
    hub.away();

    VerifyReport report = verify(true);

    assertThat(report.sound()).isFalse();
    assertThat(report.findings())
        .filteredOn(found -> found.kind() == Kind.TORN_REF)
        .allMatch(Finding::repaired);
    assertThat(report.findings())
        .filteredOn(found -> found.kind() == Kind.DAMAGED_BLOB)
        .isNotEmpty()
        .allMatch(found -> found.outcome() == Outcome.LEFT)
        .allMatch(found -> found.detail().contains("could not be fetched again"));
    assertThat(config).hasContent(commit);
    hub.back();
    assertThat(verify(true).sound()).isTrue();
    assertThat(verify(false).findings()).isEmpty();
    assertThat(disk.inTree(FOLDER, "blobs/" + digest.hex())).hasBinaryContent(model);
  }

  @Test
  void repair_rewrittenLink_leadsToTheRightBlobAgain() throws IOException {
    OnDisk disk = broughtIn();
    String commit = Files.readString(disk.inTree(FOLDER, "refs/main"));
    Path link = disk.inTree(FOLDER, "snapshots/" + commit + "/model.bin");
    Path other = Files.readSymbolicLink(link.resolveSibling("config.json"));
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    hub.away();

    assertThat(only(verify(false)).kind()).isEqualTo(Kind.REWRITTEN_LINK);
    assertThat(verify(true).sound()).isTrue();
    assertThat(link).hasBinaryContent(model);
  }

  @Test
  void scrubOfAServer_tellsHowFarItIs() {
    broughtIn();
    start("SCRUB_AT", "04:30");
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      assertThat(larder.list()).hasSize(1);
    }
    ScrubStatus status =
        server()
            .house()
            .located()
            .primary()
            .scrub(settings("SCRUB_AT", "04:30"), Caller.ANONYMOUS, _ -> false)
            .status();
    assertThat(status.blobs()).isEqualTo(2);
    assertThat(status.bytes()).isEqualTo(model.length + "{\"a\": 1}".length());
    assertThat(status.running()).isFalse();
    assertThat(status.next()).isPresent();
  }
}
