package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several locations on one machine, and locations that are not where the settings say. */
class DoctorLocationsTest extends DoctorFixture {
  private static final Duration OLD = Duration.ofDays(2);

  private Path second;

  @BeforeEach
  void makeSecondary() throws IOException {
    second = Files.createDirectories(scratch.resolve("second"));
    environment.put("SECONDARY_CACHE_PATH", second.toString());
    larder();
    repo("models--o--first");
  }

  /** A healthy cache with one repo, as Python and Larder leave it. */
  private static Path fill(Path root) throws IOException {
    Path larder = Files.createDirectories(root.resolve("larder/tmp")).getParent();
    mode(larder, "rwx------");
    Path repo = root.resolve("hub/models--o--r");
    for (String part : new String[] {"blobs", "refs", "snapshots"}) {
      Files.createDirectories(repo.resolve(part));
    }
    String tag = "Signature: 8a477f597d28d172789f06886806bc55\n";
    file(root.resolve("hub/CACHEDIR.TAG"), tag, Duration.ZERO);
    return repo;
  }

  private void signpost(Path root, String name, Path other) throws IOException {
    Files.writeString(root.resolve(name), "location 1\ncopy\n" + other + "\nremark\n");
  }

  @Test
  void healthyLocations_haveNoFinding_andAreNamed() throws IOException {
    fill(second);

    Report report = examine();

    assertThat(report.findings()).isEmpty();
    assertThat(report.locations()).containsExactly("primary", "secondary");
  }

  @Test
  void whatIsWrongInAnotherLocation_isTold_withItsName_andFixedThere() throws IOException {
    Path repo = fill(second);
    file(repo.resolve("refs/main"), "a".repeat(33), Duration.ZERO);
    Path left = file(second.resolve("larder/tmp/" + "a".repeat(32) + ".part"), "part", OLD);
    mode(second.resolve("larder"), "rwxr-xr-x");
    environment.put("LARDER_LOCATIONS", "cold=" + scratch.resolve("nowhere"));

    assertThat(examine().findings())
        .extracting(Finding::code, Finding::location)
        .containsExactly(
            tuple(Code.TORN_REF, Optional.of("secondary")),
            tuple(Code.LARDER_OPEN, Optional.of("secondary")),
            tuple(Code.ATTEMPT_STALE, Optional.of("secondary")),
            tuple(Code.LOCATION_ABSENT, Optional.of("cold")));

    examine(true);

    assertThat(modeOf(second.resolve("larder"))).isEqualTo("rwx------");
    assertThat(left).doesNotExist();
    assertThat(codes()).containsExactly(Code.TORN_REF, Code.LOCATION_ABSENT);
  }

  @Test
  void whatIsOfTheMachine_isOfNoLocation() {
    environment.put("TRANSFORMERS_OFFLINE", "1");

    assertThat(only(Code.OFFLINE_FOR_PYTHON_ONLY).location()).isEmpty();
  }

  @Test
  void locationThatIsNotThere_isToBeMade_oneThatWasThereToBeMounted() throws IOException {
    Files.delete(second);
    assertThat(only(Code.LOCATION_ABSENT).mend()).isEqualTo("mkdir -p " + second);

    Files.createDirectories(second);
    assertThat(codes()).as("one that begins").isEmpty();

    file(home.resolve("larder/locations/secondary"), "", OLD);
    assertThat(only(Code.LOCATION_ABSENT).mend()).isEqualTo("sudo mount " + second);
    assertThat(examine().healthy()).isFalse();
  }

  @Test
  void locationThatWasMoved_isToldWithWhatToSet_andNothingElseIsSaidOfIt() throws IOException {
    Path there = Files.createDirectories(scratch.resolve("there"));
    mode(home.resolve("larder"), "rwxr-xr-x");
    signpost(home, "larder.moved", there);
    assertThat(only(Code.LOCATION_MOVED).mend()).isEqualTo("export LARDER_HOME=" + there);

    Files.delete(there);
    assertThat(only(Code.LOCATION_MOVED).mend()).isEqualTo("sudo mount " + there);
    assertThat(examine().healthy()).isFalse();
  }

  @Test
  void oneOfSeveralThatWasMoved_leavesTheOthersInTheList() throws IOException {
    environment.remove("SECONDARY_CACHE_PATH");
    Path cold = Files.createDirectories(scratch.resolve("cold"));
    environment.put("LARDER_LOCATIONS", "fast=" + second + ",cold=" + cold);
    Path there = Files.createDirectories(scratch.resolve("there"));
    signpost(cold, "larder.moved", there);

    assertThat(only(Code.LOCATION_MOVED).mend())
        .isEqualTo("export LARDER_LOCATIONS=fast=" + second + ",cold=" + there);
  }

  @Test
  void moveThatWasCut_isFinishedByTheSameMove() throws IOException {
    signpost(second, "larder.moving", Path.of("/old"));

    assertThat(only(Code.LOCATION_ARRIVING).mend())
        .isEqualTo("SECONDARY_CACHE_PATH=/old larder move secondary " + second);

    Files.delete(second.resolve("larder.moving"));
    signpost(home, "larder.moving", Path.of("/old"));
    assertThat(only(Code.LOCATION_ARRIVING).mend())
        .isEqualTo("larder move primary " + home + " --home /old");
  }

  @Test
  void signpostThatCannotBeUnderstood_isTold() throws IOException {
    Files.writeString(home.resolve("larder.moved"), "?");

    assertThat(only(Code.CHECK_FAILED).what()).contains("larder.moved cannot be understood");
  }

  @Test
  void locationThatIsAFile_isTold() throws IOException {
    Files.delete(second);
    Files.writeString(second, "");

    assertThat(only(Code.ROOT_NO_DIRECTORY).location()).contains("secondary");
  }

  @Test
  void twoNamesOfOneDirectory_areRefusedInAdvance() throws IOException {
    Files.delete(second);
    Files.createSymbolicLink(second, home);

    assertThat(one(Code.SETTING_UNUSABLE).what())
        .contains("secondary", "lie in one another, by a link");
  }

  @Test
  void pythonInTheCacheOfAnotherLocation_isNoFinding() throws IOException {
    fill(second);
    environment.put("HF_HOME", second.toString());

    assertThat(codes()).isEmpty();
  }

  @Test
  void pythonInTheOldPlaceOfACacheThatMoved_isTold() throws IOException {
    Path usual = Files.createDirectories(scratch.resolve("user/.cache/huggingface"));
    signpost(usual, "larder.moved", home);

    assertThat(only(Code.PYTHON_CACHE_ELSEWHERE).mend())
        .isEqualTo("export HF_HUB_CACHE=" + home.resolve("hub"));
    Files.createSymbolicLink(usual.resolve("hub"), home.resolve("hub"));
    assertThat(codes()).as("with the link that 'move --leave-link' leaves").isEmpty();
  }

  @Test
  void reposInTheRootOfAnotherLocation_areMovedByTheMend() throws Exception {
    Files.createDirectories(second.resolve("models--o--r"));

    Finding finding = only(Code.REPOS_BESIDE_HUB);

    new ProcessBuilder("bash", "-c", finding.mend()).inheritIO().start().waitFor();
    assertThat(second.resolve("hub/models--o--r")).isDirectory();
    assertThat(codes()).containsExactly(Code.TAG_MISSING);
  }

  @Test
  void mountsAreThoseOfEachLocation() throws IOException {
    fill(second);
    system(
        "proc/self/mountinfo",
        """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        30 27 0:9 / %s rw shared:1 - nfs4 source rw
        """
            .formatted(second));

    Finding finding = only(Code.NETWORK_FILE_SYSTEM);

    assertThat(finding.location()).contains("secondary");
    assertThat(finding.mend()).isEqualTo("larder move secondary DIR");
  }
}
