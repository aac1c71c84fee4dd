package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoctorUpstreamTest extends DoctorFixture {
  private FakeHub hub;

  @BeforeEach
  void startHub() {
    hub = FakeHub.start();
    offline = false;
    environment.put("LARDER_HUB_UPSTREAM", hub.uri().toString());
    environment.put("LARDER_ALLOW_PRIVATE", "127.0.0.0/8");
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @Test
  void hubThatAnswers_withoutAToken_isAskedOnceAndIsNoFinding() {
    assertThat(codes()).isEmpty();
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void offline_asksNobody() {
    offline = true;
    codes();
    offline = false;
    environment.put("LARDER_OFFLINE", "1");
    codes();

    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void hubThatIsAway_isAnError() {
    hub.away();

    assertThat(only(Code.UPSTREAM_UNREACHABLE).mend())
        .isEqualTo("curl --noproxy '*' -v " + hub.uri());
  }

  @Test
  void hubWithoutAName_isLookedUpByTheMend() {
    environment.put("LARDER_HUB_UPSTREAM", "https://larder-test.invalid");

    assertThat(only(Code.UPSTREAM_UNREACHABLE).mend())
        .isEqualTo("getent hosts larder-test.invalid");
  }

  @Test
  void hubOnAPrivateAddress_isAllowedByTheMend() {
    environment.put("LARDER_ALLOW_PRIVATE", "10.0.0.0/8");

    assertThat(only(Code.UPSTREAM_DENIED).mend())
        .isEqualTo("export LARDER_ALLOW_PRIVATE=10.0.0.0/8,127.0.0.1/32");
    environment.put("LARDER_ALLOW_PRIVATE", "10.0.0.0/8,127.0.0.1/32");
    assertThat(codes()).isEmpty();
  }

  @Test
  void token_thatTheHubDoesNotTake_isAnErrorThatDoesNotShowIt() {
    hub.token("hf_good", "ann");
    environment.put("HF_TOKEN", "hf_good");
    assertThat(codes()).isEmpty();

    environment.put("HF_TOKEN", "hf_expired");

    Finding finding = only(Code.TOKEN_REFUSED);
    assertThat(finding.what()).contains("HF_TOKEN", "401").doesNotContain("hf_expired");
  }

  @Test
  void tokenOfALarder_isNotSentToTheHub() {
    environment.put("HF_TOKEN", "hf_larder" + "x".repeat(40));

    assertThat(codes()).isEmpty();
    assertThat(hub.requests())
        .allSatisfy(r -> assertThat(r.toString()).doesNotContain("hf_larder"));
  }

  @Test
  void hubThatLimits_isAWarning() {
    hub.onPath("whoami").status(429, "Retry-After", "30").always();

    assertThat(only(Code.RATE_LIMITED).what()).contains("anonymous", "30");
    hub.clearFaults();
    hub.onPath("whoami").header("RateLimit", "\"api\";r=0;t=55").always();
    assertThat(only(Code.RATE_LIMITED).what()).contains("t=55");
  }

  @Test
  void hubThatFails_orIsNone_isAWarning() {
    hub.onPath("whoami").status(502).always();
    assertThat(only(Code.UPSTREAM_BROKEN).mend()).startsWith("curl --noproxy '*' -v ");
    hub.clearFaults();
    hub.onPath("whoami").rawHead("nonsense\r\n\r\n").always();
    only(Code.UPSTREAM_BROKEN);
  }

  @Test
  void clockOfTheHub_thatIsFarAway_isAWarning() {
    hub.onPath("whoami").header("Date", date(Duration.ofMinutes(2))).always();
    assertThat(codes()).isEmpty();
    hub.clearFaults();
    hub.onPath("whoami").header("Date", date(Duration.ofHours(3))).always();
    only(Code.CLOCK_DIFFERS);
  }

  private static String date(Duration later) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plus(later).atOffset(ZoneOffset.UTC));
  }

  @Test
  void proxyVariable_isANote_unlessTheHubIsExcepted() {
    environment.put("HTTP_PROXY", "http://proxy:3128");

    assertThat(only(Code.PROXY_IGNORED).what()).startsWith("HTTP_PROXY is set");
    environment.put("NO_PROXY", "example.org, 127.0.0.1");
    assertThat(codes()).isEmpty();
  }
}
