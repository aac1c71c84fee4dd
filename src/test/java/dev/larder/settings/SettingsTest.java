package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.settings.Origin.Source;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir Path directory;

  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void load_nothingSet_givesTheDefaults() {
    Settings settings = load();

    assertThat(settings.host()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(8090);
    assertThat(settings.publicUrl()).isEmpty();
    assertThat(settings.hubUpstream()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings.allowPrivate()).isEmpty();
    assertThat(settings.hosts()).isEmpty();
    assertThat(settings.maxSizeBytes()).isEmpty();
    assertThat(settings.minFreeBytes()).isEqualTo(5_000_000_000L);
    assertThat(settings.refTtl()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.negativeTtl()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.accessTtl()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.adoptedPublic()).isFalse();
    assertThat(settings.offline()).isFalse();
    assertThat(settings.upstreamToken()).isEmpty();
    assertThat(settings.maxRateBytes()).isEmpty();
    assertThat(settings.fetchConnections()).isEqualTo(8);
    assertThat(settings.origin(Setting.PORT).source()).isEqualTo(Source.DEFAULT);
  }

  @ParameterizedTest(name = "flag {0}, environment {1}, .env {2}, larder.yaml {3}: {4} from {5}")
  @CsvSource(
      nullValues = "-",
      value = {
        "1, 2, 3, 4, 1, --port",
        "-, 2, 3, 4, 2, environment",
        "-, -, 3, 4, 3, .env line 1",
        "-, -, -, 4, 4, larder.yaml: settings.port",
        "-, -, -, -, 8090, default",
        // Empty counts as not set, in every source.
        "'', 2, 3, 4, 2, environment",
        "-, '', 3, 4, 3, .env line 1",
        "-, '', '', 4, 4, larder.yaml: settings.port",
        "-, '', '', '', 8090, default",
      })
  void load_severalSources_firstDecides(
      String flag, String variable, String dotEnv, String yaml, int port, String origin)
      throws IOException {
    if (flag != null) {
      flags.put(Setting.PORT, flag);
    }
    if (variable != null) {
      environment.put("LARDER_PORT", variable);
    }
    if (dotEnv != null) {
      dotEnv("LARDER_PORT=" + dotEnv);
    }
    if (yaml != null) {
      yaml("settings:\n  port: " + yaml);
    }

    Settings settings = load();

    assertThat(settings.port()).isEqualTo(port);
    assertThat(settings.place(Setting.PORT)).isEqualTo(origin);
  }

  @Test
  void load_unknownNames_namesEachWithPlaceAndNearest() throws IOException {
    environment.put("LARDER_PROT", "1");
    dotEnv("# mine\n\nLARDER_REFTTL=5s");
    yaml("settings:\n  hub-upstraem: x\n  something: y");

    assertThatThrownBy(this::load)
        .isInstanceOf(SettingsException.class)
        .message()
        .isEqualTo(
            """
            LARDER_PROT (environment) is not a setting of Larder; did you mean LARDER_PORT? 'larder config reference' lists all of them.
            LARDER_REFTTL (.env line 3) is not a setting of Larder; did you mean LARDER_REF_TTL? 'larder config reference' lists all of them.
            hub-upstraem (larder.yaml: settings.hub-upstraem) is not a setting of Larder; did you mean hub-upstream? 'larder config reference' lists all of them.
            something (larder.yaml: settings.something) is not a setting of Larder. 'larder config reference' lists all of them.""");
  }

  @Test
  void load_valueThatDoesNotParse_namesItAndItsPlace() throws IOException {
    dotEnv("X=1\nLARDER_REF_TTL=soon");

    assertThatThrownBy(this::load)
        .hasMessage(
            "LARDER_REF_TTL='soon' (.env line 2) cannot be used: it is not a duration."
                + " Needed is a duration like 60s, 10m, 12h or 7d.");
  }

  @Test
  void load_wrongSecret_isNotPrinted() {
    environment.put("HF_TOKEN", "hf secret");

    assertThatThrownBy(this::load)
        .hasMessageContaining("HF_TOKEN (environment)")
        .message()
        .doesNotContain("hf secret");
  }

  @ParameterizedTest
  @CsvSource({
    "LARDER_DATABASE, jdbc:postgresql://eve:pass/w@rd@db/larder",
    "LARDER_DATABASE, jdbc:postgresql://db/larder?user=eve&password=pass",
    "LARDER_HUB_UPSTREAM, http://eve:pass@hub",
    "LARDER_HUB_UPSTREAM, https://hub?token=pass",
  })
  void load_wrongAddressWithAPassword_isNamedWithoutIt(String name, String address) {
    environment.put(name, address);

    assertThatThrownBy(this::load)
        .hasMessageContaining(name + "='" + address.substring(0, address.indexOf("//") + 2))
        .message()
        .doesNotContain("pass", "eve", "rd@");
  }

  @Test
  void shown_addressWithAPassword_isWithoutIt() {
    environment.put("LARDER_OCI_UPSTREAMS", "own=https://eve:pass@registry/v2,ghcr.io");

    assertThat(load().shown(Setting.OCI_UPSTREAMS))
        .isEqualTo("own=https://***@registry/v2,ghcr.io");
  }

  @Test
  void load_otherDatabase_isNotAvailableYet() {
    environment.put("LARDER_DATABASE", "jdbc:postgresql://db/larder");

    assertThatThrownBy(this::load)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("LARDER_DATABASE")
        .hasMessageContaining("not available yet");
  }

  @Test
  void load_valueThatNothingUsesInAHigherLayer_isStillChecked() {
    flags.put(Setting.PORT, "nonsense");

    assertThatThrownBy(this::load).hasMessageContaining("LARDER_PORT='nonsense' (--port)");
  }

  @Test
  void load_serviceLinksOfKubernetes_areIgnoredAndRemembered() {
    environment.put("LARDER_PORT", "tcp://10.3.0.7:8090");
    environment.put("LARDER_SERVICE_HOST", "10.3.0.7");
    environment.put("LARDER_SERVICE_PORT_HTTP", "8090");
    environment.put("LARDER_PORT_8090_TCP_ADDR", "10.3.0.7");
    environment.put("LARDER_HUB_SERVICE_HOST", "10.3.0.8");
    environment.put("LARDER_HUB_PORT", "tcp://10.3.0.8:80");
    environment.put("LARDER_HUB_PORT_80_TCP_PROTO", "tcp");

    Settings settings = load();

    assertThat(settings.port()).isEqualTo(8090);
    assertThat(settings.ignoredServiceLinks())
        .containsExactly(
            "LARDER_HUB_PORT",
            "LARDER_HUB_PORT_80_TCP_PROTO",
            "LARDER_HUB_SERVICE_HOST",
            "LARDER_PORT",
            "LARDER_PORT_8090_TCP_ADDR",
            "LARDER_SERVICE_HOST",
            "LARDER_SERVICE_PORT_HTTP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HF_ENDPOINT", "PORT", "MY_LARDER_PORT", "HF_HUB_ETAG_TIMEOUT"})
  void load_variablesOfOthers_areLeftAlone(String name) throws IOException {
    environment.put(name, "anything");
    dotEnv(name + "=anything");

    assertThat(load().port()).isEqualTo(8090);
  }

  @ParameterizedTest
  @CsvSource({"1, true", "ON, true", "yes, true", "TRUE, true", "0, false", "maybe, false"})
  void offline_ofHuggingFace_isReadAsPythonReadsIt(String text, boolean offline) {
    environment.put("HF_HUB_OFFLINE", text);

    assertThat(load().offline()).isEqualTo(offline);
    assertThat(load().place(Setting.OFFLINE)).isEqualTo("HF_HUB_OFFLINE, environment");
  }

  @Test
  void offline_ownNameBesideHuggingFaces_ownDecides() {
    environment.put("HF_HUB_OFFLINE", "1");
    environment.put("LARDER_OFFLINE", "false");

    assertThat(load().offline()).isFalse();
  }

  @Test
  void upstreamToken_ofHuggingFace_isUsedAndNeverShown() {
    environment.put("HF_TOKEN", "hf_secret");

    Settings settings = load();

    assertThat(settings.upstreamToken()).contains("hf_secret");
    assertThat(settings.shown(Setting.UPSTREAM_TOKEN)).isEqualTo("***");
    assertThat(settings.toString()).doesNotContain("hf_secret");
  }

  @Test
  void load_larderYaml_takesKeysVariablesListsAndSizes() throws IOException {
    yaml(
        """
        models: [org/name]
        settings:
          ref-ttl: 5m
          LARDER_MIN_FREE: 4GiB
          allow-private: [10.0.0.0/8, "fd00::/8"]
          max-rate: 50MB/s
          offline: yes
          home: ~
        """);

    Settings settings = load();

    assertThat(settings.refTtl()).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.minFreeBytes()).isEqualTo(4L << 30);
    assertThat(settings.allowPrivate()).hasToString("[10.0.0.0/8, fd00:0:0:0:0:0:0:0/8]");
    assertThat(settings.maxRateBytes()).contains(50_000_000L);
    assertThat(settings.offline()).isTrue();
    assertThat(settings.origin(Setting.HOME).source()).isEqualTo(Source.DEFAULT);
  }

  @Test
  void load_dotEnvIsADirectory_isIgnored() throws IOException {
    Files.createDirectory(directory.resolve(".env"));

    assertThat(load().port()).isEqualTo(8090);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 8090, http://127.0.0.1:8090",
    "0.0.0.0, 80, http://127.0.0.1:80",
    "::, 80, http://[::1]:80",
    "fd00::1, 80, http://[fd00::1]:80",
    "larder.lan, 81, http://larder.lan:81",
  })
  void localUrl_followsHostAndPort(String host, String port, String url) {
    flags.put(Setting.HOST, host);
    flags.put(Setting.PORT, port);

    assertThat(load().localUrl()).hasToString(url);
  }

  private Settings load() {
    return Settings.load(new SettingSources(flags, environment, directory, Path.of("/home/ann")));
  }

  private void dotEnv(String text) throws IOException {
    Files.writeString(directory.resolve(".env"), text);
  }

  private void yaml(String text) throws IOException {
    Files.writeString(directory.resolve("larder.yaml"), text);
  }
}
