package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.upkeep.RepoListing;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingFilterTest {
  /** A dataset of 1.5 GB, used 3 days ago, changed 10 days ago, with refs main and v1. */
  private static final RepoListing REPO =
      Listings.of("datasets/org/name", 1_500_000_000L, Duration.ofDays(3), Duration.ofDays(10));

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "size>1GB, true",
    "size > 2GB, false",
    "size=1500000000, true",
    "size!=1500000000, false",
    "size>=1.5GB, true",
    "size<=1.5GB, true",
    "size<1.5GB, false",
    "accessed>2d, true",
    "accessed>7d, false",
    "accessed<=3d, true",
    "modified>1w, true",
    "modified<1w, false",
    "type=dataset, true",
    "type=model, false",
    "refs=v1, true",
    "refs=v2, false",
    "state=complete, true",
    "state=unknown, false",
    "pinned=no, true",
    "pinned=yes, false",
    "source=hf, true",
    "source=oci, false",
  })
  void keeps_asHfCacheLs(String text, boolean kept) {
    assertThat(ListingFilter.parse(text).keeps(REPO, CliFixture.NOW)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "size",
        "size>",
        "size==1GB",
        "size>big",
        "accessed>soon",
        "type!=model",
        "refs>x",
        "state=fine",
        "pinned=maybe",
        "name=x",
        ""
      })
  void parse_noFilter_isRefused(String text) {
    assertThatThrownBy(() -> ListingFilter.parse(text)).isInstanceOf(UsageException.class);
  }

  @Test
  void keeps_neverUsed_matchesNoAge() {
    RepoListing repo = Listings.neverUsed(REPO);

    assertThat(ListingFilter.parse("accessed>0").keeps(repo, CliFixture.NOW)).isFalse();
    assertThat(ListingFilter.parse("accessed<1y").keeps(repo, CliFixture.NOW)).isFalse();
  }
}
