package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.CatalogException;
import dev.larder.testing.Bytes;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrafficTest extends MirrorFixture {
  private static final int SIZE = 100_000;

  private TrafficRow counted() {
    traffic.flush();
    List<TrafficRow> rows = catalog.traffic(Instant.EPOCH);
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  private void offer() {
    repo.lfs("model.bin", Bytes.of(1, SIZE)).commit("main");
  }

  @Test
  void flush_thatFails_losesNoCountAndNoUse() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    get(asking("model.bin", Caller.ANONYMOUS));
    watched.failing = true;
    assertThatThrownBy(traffic::flush).isInstanceOf(CatalogException.class);
    assertThatThrownBy(traffic::flush).isInstanceOf(CatalogException.class);
    watched.failing = false;
    TrafficRow row = counted();
    assertThat(row.hits()).isEqualTo(1);
    assertThat(row.misses()).isEqualTo(1);
    assertThat(row.upstreamBytes()).isEqualTo(SIZE);
    assertThat(catalog.lastUsed(REPO)).contains(now);
  }

  @Test
  void hit_countsWhatTheClientWasSent() {
    offer();
    get(asking("model.bin", Caller.ANONYMOUS));
    Answer.Ready hit = (Answer.Ready) mirror.open(asking("model.bin", Caller.ANONYMOUS));
    hit.lease().close();
    assertThat(counted().servedBytes()).isZero();
    hit.served().accept(10);
    assertThat(counted().servedBytes()).isEqualTo(10);
  }

  @Test
  void download_thatBypassesTheStore_isCounted() {
    offer();
    hub.on(r -> r.concerns("model.bin")).header("X-Linked-Etag", "W/\"odd\"").always();
    hub.on(r -> true).etag("W/\"odd\"").always();
    Answer answer = mirror.open(asking("model.bin", Caller.ANONYMOUS));
    assertThat(answer).isInstanceOf(Answer.Passing.class);
    Answer.Passing passing = (Answer.Passing) answer;
    try (var body = passing.body()) {
      byte[] piece = new byte[SIZE];
      for (int got; (got = body.read(piece, 0, SIZE)) >= 0; ) {
        passing.served().accept(got);
      }
    }
    TrafficRow row = counted();
    assertThat(row.misses()).isEqualTo(1);
    assertThat(row.servedBytes()).isEqualTo(SIZE);
    assertThat(row.upstreamBytes()).isEqualTo(SIZE);
  }
}
