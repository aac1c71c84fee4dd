package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitTest {
  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource({
    "SIZE, 5GB, 5000000000",
    "SIZE, 4GiB, 4294967296",
    "SIZE, 1.5kB, 1500",
    "SIZE, 12, 12",
    "RATE, 50MB/s, 50000000",
    "RATE, 50MB, 50000000",
    "DURATION, 60s, PT1M",
    "DURATION, 500ms, PT0.5S",
    "DURATION, 10m, PT10M",
    "DURATION, 12h, PT12H",
    "DURATION, 7d, PT168H",
    "DURATION, 2w, PT336H",
    "DURATION, 0, PT0S",
    "BOOLEAN, Yes, true",
    "BOOLEAN, off, false",
    "HOST, '::', '::'",
    "PORT, 0, 0",
    "PORT, 65535, 65535",
    "COUNT, 64, 64",
    "URL, http://10.0.0.1:8080/hub, http://10.0.0.1:8080/hub",
    "LIST, 'a, b,,c ', '[a, b, c]'",
    "CIDRS, '10.1.2.3,192.168.0.0/16', '[10.1.2.3/32, 192.168.0.0/16]'",
    "LOCATIONS, 'a=/x,b=/y', '[a=/x, b=/y]'",
    "SOURCES, 'hf=100GB', '{hf=100000000000}'",
    "ADOPTED, public, public",
    "SECRET, hf_abc, hf_abc",
  })
  void parse_good_givesTheValue(Unit unit, String text, String value) {
    assertThat(unit.parse(text)).hasToString(value);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "SIZE, 5 parsecs",
    "SIZE, -1",
    "SIZE, 999999999999TB",
    "RATE, 50MB/h",
    "RATE, 0",
    "RATE, 0.4B/s",
    "DURATION, 60",
    "DURATION, -1s",
    "DURATION, PT5S",
    "BOOLEAN, maybe",
    "HOST, a b",
    "HOST, http://x",
    "PORT, 65536",
    "PORT, -1",
    "PORT, 80x",
    "COUNT, 0",
    "COUNT, 65",
    "URL, huggingface.co",
    "URL, ftp://x/",
    "URL, http://",
    "URL, http://user:secret@host/",
    "URL, http://host/?a=b",
    "URL, 'http://ho st/'",
    "CIDRS, 10.0.0.0/33",
    "CIDRS, example.org",
    "CIDRS, 10.0.0.0/x",
    "LOCATIONS, /x",
    "SOURCES, 100GB",
    "SOURCES, hub=100GB",
    "SOURCES, hf=much",
    "SOURCES, 'hf=1GB,hf=2GB'",
    "ADOPTED, private",
    "DATABASE, sqlite",
    "SECRET, a b",
  })
  void parse_bad_saysWhy(Unit unit, String text) {
    assertThatThrownBy(() -> unit.parse(text)).isInstanceOf(IllegalValue.class);
  }

  @Test
  void defaults_ofEverySetting_parse() {
    for (Setting setting : Setting.values()) {
      if (!setting.defaultText().isEmpty()) {
        assertThat(setting.unit().parse(setting.defaultText())).as(setting.name()).isNotNull();
      }
    }
  }
}
