package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RangeRequest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "items=0-1",
        "bytes=a-b",
        "bytes=1-b",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "bytes=--1",
        "bytes=+1-2",
        "bytes=0x1-2",
        "bytes=1 - 2",
        "bytes 0-1",
        "bytes=0-1-2",
        "bytes=٣-٤"
      })
  void parse_malformedOrSeveral_isTheWhole(String header) {
    assertThat(RangeHeader.parse(header)).isEqualTo(RangeRequest.WHOLE);
  }

  @Test
  void parse_wellFormed_isThatRange() {
    assertThat(RangeHeader.parse(null)).isEqualTo(RangeRequest.WHOLE);
    assertThat(RangeHeader.parse("bytes=0-0")).isEqualTo(new RangeRequest.Closed(0, 1));
    assertThat(RangeHeader.parse("BYTES= 5-9 ")).isEqualTo(new RangeRequest.Closed(5, 10));
    assertThat(RangeHeader.parse("bytes=7-")).isEqualTo(new RangeRequest.From(7));
    assertThat(RangeHeader.parse("bytes=-3")).isEqualTo(new RangeRequest.Suffix(3));
    assertThat(RangeHeader.parse("bytes=-0")).isEqualTo(new RangeRequest.Suffix(0));
  }

  @Test
  void parse_numbersBeyondLong_areClampedNotWrapped() {
    String huge = "9".repeat(40);

    var ranges =
        Stream.of("bytes=0-" + huge, "bytes=" + huge + "-", "bytes=-" + huge)
            .map(RangeHeader::parse)
            .toList();

    assertThat(ranges)
        .containsExactly(
            new RangeRequest.Closed(0, Long.MAX_VALUE),
            new RangeRequest.From(Long.MAX_VALUE),
            new RangeRequest.Suffix(Long.MAX_VALUE));
    assertThat(ranges.get(0).in(10)).hasValueSatisfying(r -> assertThat(r.length()).isEqualTo(10));
    assertThat(ranges.get(1).in(10)).isEmpty();
    assertThat(ranges.get(2).in(10)).hasValueSatisfying(r -> assertThat(r.length()).isEqualTo(10));
  }
}
