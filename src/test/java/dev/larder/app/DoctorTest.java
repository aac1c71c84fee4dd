package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.doctor.Code;
import dev.larder.doctor.Doctor;
import dev.larder.doctor.Finding;
import dev.larder.doctor.Machine;
import dev.larder.doctor.Report;
import dev.larder.settings.SettingSources;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code larder doctor} beside a real server, and on real mounts. */
final class DoctorTest extends SiteFixture {
  private final Map<String, String> environment = new HashMap<>();
  private Path system;

  @BeforeEach
  void makeMachine() throws IOException {
    repo.lfs("model.bin", Bytes.of(7, 100_000));
    repo.file("config.json", "{}");
    repo.commit("main");
    environment.put("LARDER_HOME", root.toString());
    environment.put("LARDER_HUB_UPSTREAM", hub.uri().toString());
    environment.put("LARDER_ALLOW_PRIVATE", "127.0.0.0/8");
    environment.put("LARDER_MIN_FREE", "1MB");
    // What tells of this machine's own disk; processes are those that really run.
    system = Files.createDirectories(root.resolve("system/proc/self")).getParent().getParent();
    Files.writeString(system.resolve("proc/self/mountinfo"), "1 0 8:1 / / rw - ext4 /dev/a rw\n");
    Files.copy(Path.of("/proc/self/status"), system.resolve("proc/self/status"));
    Files.createDirectories(system.resolve("proc/" + ProcessHandle.current().pid()));
  }

  private Report examine(Path system) {
    SettingSources sources =
        new SettingSources(Map.of(), environment, root.resolve("work"), root.resolve("user"));
    Machine machine = new Machine(sources, system, InstantSource.system(), new ServerProbe());
    return new Doctor(machine).examine(false, true);
  }

  private List<Code> codes() {
    return examine(system).findings().stream().map(Finding::code).toList();
  }

  @Test
  void cacheThatAServerFilled_isHealthy_whileItRunsAndAfterwards() throws IOException {
    assertThat(get(MODEL).status()).isEqualTo(200);
    environment.put("HF_ENDPOINT", server().address() + "/hf");
    environment.put("HF_HUB_CACHE", root.resolve("hub").toString());
    assertThat(examine(system).findings()).isEmpty();

    stop();
    environment.remove("HF_ENDPOINT");
    Map<String, String> before = files();

    assertThat(examine(system).findings()).isEmpty();
    assertThat(files()).isEqualTo(before);
    assertThat(get(MODEL).body()).isEqualTo(Bytes.of(7, 100_000));
  }

  /** Everything below {@code larder}, to see that looking leaves nothing behind. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new HashMap<>();
    try (Stream<Path> all = Files.walk(root.resolve("larder"))) {
      all.forEach(file -> files.put(file.toString(), ""));
    }
    return files;
  }

  @Test
  void locationOfAnotherServer_isTold(@TempDir Path mine) {
    start();
    environment.put("SECONDARY_CACHE_PATH", root.toString());
    environment.put("LARDER_HOME", mine.toString());

    Finding finding = examine(system).findings().getFirst();

    assertThat(finding.code()).isEqualTo(Code.LOCATION_TAKEN);
    assertThat(finding.location()).contains("secondary");
    assertThat(finding.mend()).isEqualTo("unset SECONDARY_CACHE_PATH");
  }

  @Test
  void serverThatWasToldOtherwise_isTold() {
    start();
    environment.put("LARDER_MIN_FREE", "2MB");

    Finding finding = examine(system).findings().getFirst();

    assertThat(finding.code()).isEqualTo(Code.SERVER_DIFFERS);
    assertThat(finding.what()).contains("LARDER_MIN_FREE (environment)");
    assertThat(finding.mend()).isEqualTo("unset LARDER_MIN_FREE");
  }

  @Test
  void endpoint_pastTheRunningServer_isTold() {
    start();
    environment.put("HF_ENDPOINT", "https://huggingface.co");
    assertThat(codes()).containsExactly(Code.ENDPOINT_ELSEWHERE);

    environment.put("HF_ENDPOINT", server().address().toString());
    assertThat(codes()).as("without /hf").containsExactly(Code.ENDPOINT_SILENT);
  }

  @Test
  void catalogThatWasWrecked_isTold_andItsMendMendsIt() throws IOException {
    get(MODEL);
    stop();
    Files.writeString(root.resolve("larder/catalog.db"), "wrecked");
    assertThat(codes()).containsExactly(Code.CATALOG_DAMAGED);

    new HouseWorkshop(InstantSource.system()).open(settings(), _ -> {}).close();

    assertThat(codes()).containsExactly(Code.CATALOG_SET_ASIDE);
  }

  @Test
  void volumesThatAreFull_orInMemory_orReadOnly_areTold() throws Exception {
    Path at = root.resolve("volume");
    try (Mounted volume = Mounted.tmpfs(at, 64 << 20)) {
      environment.put("LARDER_HOME", at.toString());
      assertThat(real()).contains(Code.CACHE_IN_MEMORY).doesNotContain(Code.NO_INODES);
      volume.limitInodes(3);
      assertThat(real()).contains(Code.NO_INODES);
      volume.limitInodes(10_000);
      Files.write(at.resolve("large"), new byte[63 << 20]);
      environment.put("LARDER_MIN_FREE", "8MB");
      assertThat(real()).contains(Code.BELOW_FLOOR);
      Files.write(at.resolve("rest"), new byte[(1 << 20) - (300 << 10)]);
      assertThat(real()).contains(Code.DISK_FULL);
      environment.put("LARDER_MIN_FREE", "1GB");
      environment.put("LARDER_MAX_SIZE", "1GB");
      assertThat(real()).contains(Code.FLOOR_ABOVE_DISK, Code.BUDGET_ABOVE_DISK);
    }
    Path readOnly = root.resolve("read-only");
    try (Mounted _ = Mounted.readOnly(Files.createDirectories(root.resolve("data")), readOnly)) {
      environment.put("LARDER_HOME", readOnly.toString());
      assertThat(real()).contains(Code.MOUNTED_READ_ONLY).doesNotContain(Code.CHECK_FAILED);
    }
  }

  /** With the mounts that this machine really has. */
  private List<Code> real() {
    return examine(Path.of("/")).findings().stream().map(Finding::code).toList();
  }
}
