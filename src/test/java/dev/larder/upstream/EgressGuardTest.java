package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.upstream.UpstreamException.EgressDenied;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressGuardTest {
  private static final Origin HTTPS = Origin.of(URI.create("https://hub.example"));
  private static final Origin HTTP = Origin.of(URI.create("http://hub.example:8080"));

  private final EgressGuard strict = new EgressGuard(HTTPS, List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "::ffff:7f00:1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378::1",
        "2001:db8::1",
        "2001:10::1",
        "2001:20::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00::1",
        "fdff:ffff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
        "8000::1"
      })
  void address_notPublic_isDeniedUnlessItsRangeIsAllowed(String text) {
    InetAddress address = InetAddress.ofLiteral(text);
    assertThatThrownBy(() -> strict.addresses(HTTPS, List.of(address)))
        .isInstanceOf(EgressDenied.class)
        .hasMessageContaining("LARDER_ALLOW_PRIVATE");
    EgressGuard open = new EgressGuard(HTTPS, List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")));
    assertThatCode(() -> open.addresses(HTTPS, List.of(address))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "126.1.1.1",
        "128.0.0.1",
        "169.253.1.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.1.1",
        "192.169.0.1",
        "198.17.1.1",
        "198.20.0.1",
        "223.255.255.254",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "2003::1"
      })
  void address_public_isAllowed(String text) {
    assertThatCode(() -> strict.addresses(HTTPS, List.of(InetAddress.ofLiteral(text))))
        .doesNotThrowAnyException();
  }

  @Test
  void addresses_onePrivateAmongPublicOnes_areDenied() {
    List<InetAddress> mixed =
        List.of(InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.0.0.1"));
    assertThatThrownBy(() -> strict.addresses(HTTPS, mixed)).isInstanceOf(EgressDenied.class);
  }

  @Test
  void addresses_allowedRange_isNoWiderThanItSays() {
    EgressGuard guard = new EgressGuard(HTTPS, List.of(Cidr.parse("10.1.0.0/16")));
    guard.addresses(HTTPS, List.of(InetAddress.ofLiteral("10.1.255.1")));
    assertThatThrownBy(() -> guard.addresses(HTTPS, List.of(InetAddress.ofLiteral("10.2.0.1"))))
        .isInstanceOf(EgressDenied.class);
    assertThatThrownBy(() -> guard.addresses(HTTPS, List.of(InetAddress.ofLiteral("127.0.0.1"))))
        .isInstanceOf(EgressDenied.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://127.1/",
        "https://127.0.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.01/",
        "https://1.2.3.4.5/",
        "https://256.1.1.1/",
        "https://1.2.3.4./",
        "https://0/",
        "https://0x/",
        "https://a.0x7f/",
        "https://a.1/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://[1.2.3.4]/",
        "https://[:::1]/",
        "https://[::1]x/",
        "https://user@hub.example/",
        "https://user:pw@hub.example/",
        "https://@hub.example/",
        "https:///x",
        "https:x",
        "hub.example/x",
        "ftp://hub.example/",
        "file:///etc/passwd",
        "gopher://hub.example/",
        "jar:https://hub.example/!/x",
        "https://hub.example:0/",
        "https://hub.example:65536/",
        "https://hub.example:x/",
        "https://hub..example/",
        "https://-hub.example/",
        "https://h%75b.example/",
        "https://.hub.example/"
      })
  void address_oddForm_isDenied(String text) {
    assertThatThrownBy(() -> strict.origin(URI.create(text)))
        .isInstanceOfAny(EgressDenied.class, IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://hub.example/", "https://HUB.example", "https://hub.example.:443/x?y",
        "https://my_hub:8443/", "https://127.0.0.1/", "https://[2606:4700::1111]:8443/x",
        "https://cdn-lfs-us-1.hf.co/repos/a?Signature=x", "https://1password.com/", "https://h2/"
      })
  void address_plainForm_isAnOrigin(String text) {
    assertThatCode(() -> strict.origin(URI.create(text))).doesNotThrowAnyException();
  }

  @Test
  void plainHttp_needsAnUpstreamConfiguredSo() {
    URI plain = URI.create("http://cdn.example/x");
    assertThatThrownBy(() -> strict.origin(plain)).isInstanceOf(EgressDenied.class);
    EgressGuard lax = new EgressGuard(HTTP, List.of());
    assertThat(lax.origin(plain).toString()).isEqualTo("http://cdn.example");
    assertThat(lax.redirect(HTTP, plain).port()).isEqualTo(80);
  }

  @Test
  void redirect_fromHttpsToHttp_isDeniedEvenForAnHttpUpstream() {
    EgressGuard lax = new EgressGuard(HTTP, List.of());
    assertThatThrownBy(() -> lax.redirect(HTTPS, URI.create("http://cdn.example/x")))
        .isInstanceOf(EgressDenied.class)
        .hasMessageContaining("plain http");
    assertThat(lax.redirect(HTTP, URI.create("https://cdn.example/x")).secure()).isTrue();
  }

  @Test
  void message_neverHoldsPathOrQuery() {
    assertThatThrownBy(
            () -> strict.redirect(HTTPS, URI.create("http://cdn.example/secret?Signature=s")))
        .message()
        .doesNotContain("secret", "Signature");
  }

  @Test
  void origin_sameInOtherSpelling_isEqual() {
    assertThat(Origin.of(URI.create("https://HUB.example:443/x")))
        .isEqualTo(Origin.of(URI.create("https://hub.example")));
    assertThat(Origin.of(URI.create("https://hub.example")))
        .isNotEqualTo(Origin.of(URI.create("https://hub.example:8443")))
        .isNotEqualTo(Origin.of(URI.create("http://hub.example")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0/8", "fd00::/129", "x/8", "10.0.0.0/-1"})
  void cidr_wrong_isRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
