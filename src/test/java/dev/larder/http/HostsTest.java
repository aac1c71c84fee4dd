package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  private final Hosts hosts =
      new Hosts(Set.of("Models.Example"), Optional.of("https://cache.example:8443/x"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8090",
        "LOCALHOST.",
        "127.0.0.1:1",
        "10.1.2.3",
        "[::1]:8090",
        "[fe80::1]",
        "[fe80::1%eth0]:8090",
        "[fe80::1%25br_lan]",
        "models.example",
        "models.example.:80",
        "cache.example"
      })
  void allows_ownNamesAndAddresses(String authority) {
    assertThat(hosts.allows(authority)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "1.2.3",
        "localhost:x",
        "localhost:123456",
        "[::1",
        "[evil]",
        "[::1%\u00f7]:8090",
        "[::1%]:8090",
        "[::1%a b]",
        "user@localhost"
      })
  void allows_foreignOrMalformed_isRefused(String authority) {
    assertThat(hosts.allows(authority)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost"})
  void allows_star_takesAnyName(String authority) {
    assertThat(new Hosts(Set.of("*"), Optional.empty()).allows(authority)).isTrue();
  }
}
