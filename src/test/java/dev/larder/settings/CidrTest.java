package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.128/25, 10.1.2.127, false",
    "10.1.2.128/25, 10.1.2.129, true",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fdff::1, true",
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
  })
  void contains_countsLeadingBits(String network, String address, boolean inside) {
    assertThat(Cidr.parse(network).contains(InetAddress.ofLiteral(address))).isEqualTo(inside);
  }
}
