package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.settings.Setting;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import dev.larder.store.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorPlaceTest extends DoctorFixture {
  private static final long GB = 1_000_000_000;

  private void mounted(Path at, String type, String options) throws IOException {
    system(
        "proc/self/mountinfo",
        """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        30 27 0:9 / %s %s shared:1 - %s source %s
        """
            .formatted(at, options, type, options));
  }

  @Test
  void root_thatIsNamedAndMissing_isAWarning() throws IOException {
    Files.delete(home);

    assertThat(only(Code.ROOT_MISSING).mend()).isEqualTo("mkdir -p " + home);
  }

  @Test
  void root_thatIsTheDefaultAndMissing_isAFreshMachine() {
    environment.remove("LARDER_HOME");

    assertThat(codes()).isEmpty();
  }

  @Test
  void root_thatIsAFile_isOneErrorAndNoMore() throws IOException {
    Files.delete(home);
    Files.writeString(home, "");

    only(Code.ROOT_NO_DIRECTORY);
  }

  @Test
  void layerOfAContainer_isToldWithTheVolume() throws IOException {
    system("proc/self/mountinfo", "27 1 0:31 / / rw - overlay overlay rw,lowerdir=/a\n");
    system(".dockerenv", "");

    Finding finding = only(Code.CACHE_VANISHES);

    assertThat(finding.what()).contains("overlay", "container (/.dockerenv)");
    assertThat(finding.mend()).isEqualTo("docker run -v larder:" + home + " IMAGE");
    mounted(home, "ext4", "rw");
    assertThat(codes()).isEmpty();
  }

  @Test
  void fileSystemInMemory_isAWarning() throws IOException {
    mounted(scratch, "tmpfs", "rw");

    only(Code.CACHE_IN_MEMORY);
  }

  @Test
  void networkFileSystems_areAnErrorForTheStoreAndAWarningForTheTree() throws IOException {
    for (String type : List.of("nfs4", "cifs", "fuse.sshfs", "lustre")) {
      mounted(home, type, "rw");
      assertThat(only(Code.NETWORK_FILE_SYSTEM).what()).contains(type);
    }
    Path hub = Files.createDirectories(home.resolve("hub"));
    mounted(hub, "nfs", "rw");
    only(Code.NETWORK_CACHE_DIRECTORY);
  }

  @Test
  void readOnlyMount_isTold() throws IOException {
    mounted(home, "ext4", "ro,relatime");

    assertThat(only(Code.MOUNTED_READ_ONLY).mend()).isEqualTo("sudo mount -o remount,rw " + home);
  }

  @Test
  void mounts_withSpacesInTheirNames_areRead() {
    Mounts mounts =
        Mounts.parse(
            "30 27 0:9 / /a\\040b rw - xfs /dev/a rw\n31 27 0:9 / /a\\040b ro - btrfs /dev/b rw\nx\n");

    assertThat(mounts.of(Path.of("/a b/c")).orElseThrow().type()).isEqualTo("btrfs");
    assertThat(mounts.of(Path.of("/a"))).isEmpty();
  }

  private static List<Code> judged(Volume volume, String minFree, String maxSize) {
    Settings settings =
        Settings.load(
            SettingSources.flagsOnly(
                Path.of("/nowhere"), Map.of(Setting.MIN_FREE, minFree, Setting.MAX_SIZE, maxSize)));
    return SpaceCheck.judge(settings, Path.of("/data"), volume, () -> "empty it").stream()
        .map(Finding::code)
        .toList();
  }

  @Test
  void space_isJudgedByWhatIsLeftAndByTheLimits() {
    Volume large = new Volume(100 * GB, 50 * GB, 1000_000, 900_000);
    assertThat(judged(large, "5GB", "40GB")).isEmpty();
    assertThat(judged(large, "60GB", "40GB")).containsExactly(Code.BELOW_FLOOR);
    assertThat(judged(large, "100GB", "1GB"))
        .containsExactly(Code.FLOOR_ABOVE_DISK, Code.BUDGET_ABOVE_DISK);
    assertThat(judged(large, "5GB", "96GB")).containsExactly(Code.BUDGET_ABOVE_DISK);
    assertThat(judged(new Volume(100 * GB, 1000, 0, 0), "5GB", "40GB"))
        .containsExactly(Code.DISK_FULL);
    assertThat(judged(new Volume(100 * GB, 50 * GB, 1000_000, 10), "5GB", "40GB"))
        .containsExactly(Code.NO_INODES);
  }

  @Test
  void clock_beforeThisProgram_isWrong() {
    now = Instant.parse("1970-01-01T00:00:10Z");

    assertThat(codes()).contains(Code.CLOCK_WRONG);
  }

  @Test
  void filesFromTheFuture_areTold() throws IOException {
    Path repo = repo("models--o--r");
    file(repo.resolve("refs/main"), "a".repeat(40), Duration.ofDays(-30));
    Files.createDirectories(repo.resolve("snapshots").resolve("a".repeat(40)));

    assertThat(only(Code.TIMES_IN_FUTURE).mend()).isEqualTo("touch " + repo.resolve("refs/main"));
  }

  @Test
  void diskWithAnotherClock_isTold() {
    now = NOW.plus(Duration.ofMinutes(20));

    only(Code.CLOCK_DIFFERS);
  }

  @Test
  void fewDescriptors_areTold() throws IOException {
    system("proc/self/limits", "Max open files            256                  1024       files\n");

    assertThat(only(Code.FEW_DESCRIPTORS).what()).contains("1024");
  }

  @Test
  void rootInTheCacheOfSomebodyElse_isTold() throws IOException {
    int owner = uid(home);
    assumeTrue(owner == 0, "only root can give a directory away");
    Files.setAttribute(home, "unix:uid", 4711);

    assertThat(only(Code.RUNS_AS_ROOT).mend()).isEqualTo("sudo -u '#4711' larder doctor");
  }
}
