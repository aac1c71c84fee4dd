package dev.larder.resident;

import static dev.larder.resident.Fixture.key;
import static dev.larder.resident.Fixture.loader;
import static dev.larder.resident.Fixture.noLoader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcquireTest {
  @Test
  void acquire_secondTime_givesTheSameModelWithoutALoad() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe first = fixture.loadIdle("a", 10);

      try (Lease<Probe> lease = fixture.models.acquire(key("a"), noLoader(), "me")) {
        assertThat(lease.model()).isSameAs(first);
        assertThat(lease.hit()).isTrue();
        assertThat(lease.owner()).isEqualTo("me");
        assertThat(lease.key()).isEqualTo(key("a"));
      }
      assertThat(first.closed()).isZero();
    }
  }

  @Test
  void acquire_sameNameOtherType_isAnotherModel() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe probe = fixture.loadIdle("a", 10);
      ModelLoader<Object> other = ModelLoader.of(5, () -> new Loaded<>(new Object(), 5, () -> {}));

      try (Lease<Object> lease =
          fixture.models.acquire(ModelKey.of("a", Object.class), other, "me")) {
        assertThat(lease.model()).isNotSameAs(probe);
      }
      assertThat(fixture.names()).containsExactly("a", "a");
    }
  }

  @Test
  void close_twice_endsOneLeaseOnly() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> one = fixture.acquire("a", 10);
      Lease<Probe> other = fixture.acquire("a", 10);

      one.close();
      one.close();

      assertThat(fixture.models.stats().leases()).isEqualTo(1);
      assertThat(other.model().closed()).isZero();
      other.close();
    }
  }

  @Test
  void model_afterClose_isRefusedAlsoWhenItsSlotIsTakenAgain() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> ended = fixture.acquire("a", 10);
      ended.close();

      try (Lease<Probe> next = fixture.acquire("a", 10)) {
        assertThat(next.model()).isNotNull();
        assertThatThrownBy(ended::model)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("a by owner of a");
        ended.close();
        assertThat(next.model()).isNotNull();
      }
    }
  }

  @Test
  void leases_moreThanAThreadHasSlots_areAllKnownAndAllEnd() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      List<Lease<Probe>> leases = new ArrayList<>();
      for (int i = 0; i < 5 * LeaseSlots.LINE; i++) {
        leases.add(fixture.acquire("a", 10));
      }
      Probe model = leases.getFirst().model();
      assertThat(fixture.models.leases()).hasSize(leases.size());

      assertThat(fixture.models.unload(key("a"))).isTrue();
      Lease<Probe> last = leases.removeLast();
      leases.forEach(Lease::close);
      assertThat(model.closed()).isZero();
      assertThat(last.model()).isSameAs(model);
      last.close();
      last.close();

      assertThat(model.closed()).isEqualTo(1);
      assertThat(fixture.models.leases()).isEmpty();
    }
  }

  @Test
  void leases_open_sayWhoTookThemAndWhen() {
    try (Fixture fixture = Fixture.ofBudget(100);
        Lease<Probe> old = fixture.models.acquire(key("a"), loader(10), "old")) {
      fixture.pass(Duration.ofHours(2));

      try (Lease<Probe> young = fixture.models.acquire(key("a"), loader(10), "young")) {
        List<Holding> leases = fixture.models.leases();

        assertThat(leases).extracting(Holding::owner).containsExactly("old", "young");
        assertThat(Duration.between(leases.get(0).since(), leases.get(1).since()))
            .isEqualTo(Duration.ofHours(2));
        assertThat(leases).allMatch(each -> each.bytes() == 10 && each.trace().isEmpty());
        assertThat(young.model()).isSameAs(old.model());
      }
    }
  }

  @Test
  void leases_traced_sayWhereTheyWereTaken() {
    try (Fixture fixture = new Fixture(ResidentSettings.ofBudget(100).withTraces(true))) {
      fixture.loadIdle("a", 10);
      try (Lease<Probe> lease = fixture.acquire("a", 10)) {
        assertThat(lease.hit()).isTrue();
        assertThat(fixture.models.leases().getFirst().trace())
            .anyMatch(frame -> frame.getMethodName().equals("leases_traced_sayWhereTheyWereTaken"));
      }
    }
  }

  @Test
  void entries_afterUse_haveTheirFigures() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      ModelLoader<Probe> slow =
          ModelLoader.of(
              10,
              () -> {
                fixture.pass(Duration.ofSeconds(3));
                return Loaded.of(new Probe(), 12);
              });
      fixture.models.acquire(key("a"), slow, "me").close();
      fixture.pass(Duration.ofSeconds(10));
      fixture.models.acquire(key("a"), slow, "me").close();
      fixture.pass(Duration.ofSeconds(5));

      ResidentEntry entry = fixture.models.entries().getFirst();

      assertThat(entry.bytes()).isEqualTo(12);
      assertThat(entry.accesses()).isEqualTo(2);
      assertThat(entry.hits()).isEqualTo(1);
      assertThat(entry.misses()).isEqualTo(1);
      assertThat(entry.loadTime()).isEqualTo(Duration.ofSeconds(3));
      assertThat(entry.age()).isEqualTo(Duration.ofSeconds(15));
      assertThat(entry.idle()).isEqualTo(Duration.ofSeconds(5));
      assertThat(Duration.between(entry.created(), entry.lastAccessed()))
          .isEqualTo(Duration.ofSeconds(10));
    }
  }

  @Test
  void counts_ofAKeyLoadedAgain_goOn() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      for (int round = 0; round < 3; round++) {
        fixture.loadIdle("a", 10);
        fixture.loadIdle("a", 10);
        fixture.models.clear();
      }
      fixture.loadIdle("a", 10);

      ResidentEntry entry = fixture.models.entries().getFirst();
      ResidentStats stats = fixture.models.stats();
      assertThat(entry.hits()).isEqualTo(3);
      assertThat(entry.misses()).isEqualTo(4);
      assertThat(entry.accesses()).isEqualTo(1);
      assertThat(stats.hits()).isEqualTo(3);
      assertThat(stats.misses()).isEqualTo(4);
      assertThat(stats.loads()).isEqualTo(4);
    }
  }

  @Test
  void preload_thenAcquire_isAHit() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      fixture.models.preload(key("a"), loader(10), "start");
      Fixture.until(() -> !fixture.names().isEmpty());

      try (Lease<Probe> lease = fixture.models.acquire(key("a"), noLoader(), "me")) {
        assertThat(lease.hit()).isTrue();
      }
      fixture.models.preload(key("a"), noLoader(), "start");
      assertThat(fixture.models.stats().misses()).isZero();
      assertThat(fixture.models.stats().loads()).isEqualTo(1);
    }
  }
}
