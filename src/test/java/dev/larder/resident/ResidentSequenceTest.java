package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.resident.ReferenceModels.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random sequences of everything, step by step beside {@link ReferenceModels}. */
class ResidentSequenceTest {
  private static final int SEQUENCES = 10_000;
  private static final int STEPS = 8;
  private static final long BUDGET = 100;
  private static final Duration KEPT = Duration.ofSeconds(20);

  @Test
  void sequences_ofAnything_endAsTheReferenceSays() {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      new Sequence(seed).play();
    }
  }

  /** One of them, with what was done so far for the message. */
  private static final class Sequence {
    private final Fixture fixture =
        new Fixture(
            ResidentSettings.ofBudget(BUDGET).withKeepAlive(KEPT).withClosePatience(Duration.ZERO),
            this::load);
    private final ReferenceModels reference = new ReferenceModels(BUDGET, KEPT.toNanos());
    private final List<Lease<Probe>> leases = new ArrayList<>();
    private final List<Probe> made = new ArrayList<>();
    private final Random random;
    private final StringBuilder done;

    /** Whether loads have threads of their own, which takes most of the time. */
    private final boolean threads;

    /** Who would wait for room is run when its caller has given up. */
    private boolean waits;

    private final List<LoadRun<?>> later = new ArrayList<>();

    Sequence(int seed) {
      this.threads = seed % 20 == 0;
      this.random = new Random(seed);
      this.done = new StringBuilder("seed " + seed + ":");
      reference.now = fixture.nanos.get();
    }

    private void load(LoadRun<?> load) {
      if (threads) {
        Crew.THREADS.start(load);
      } else if (waits) {
        later.add(load);
      } else {
        load.run();
      }
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        step();
        compare();
      }
      leases.forEach(Lease::close);
      fixture.close();
      assertThat(made).as(done::toString).allMatch(each -> each.closed() == 1 && !each.torn());
      assertThat(fixture.models.stats().usedBytes()).as(done::toString).isZero();
    }

    private void step() {
      String name = "m" + random.nextInt(4);
      switch (random.nextInt(20)) {
        case 0 -> unload(name);
        case 1 -> {
          done.append(" clear");
          assertThat(fixture.models.clear()).as(done::toString).isEqualTo(reference.clear());
        }
        case 2 -> {
          done.append(" pin ").append(name);
          fixture.models.pin(Fixture.key(name), "me");
          reference.pins.add(name);
        }
        case 3 -> {
          done.append(" unpin ").append(name);
          assertThat(fixture.models.unpin(Fixture.key(name), "me"))
              .isEqualTo(reference.pins.remove(name));
        }
        case 4 -> keep(name, Duration.ofSeconds(random.nextInt(60)));
        case 5, 6, 7 -> {
          done.append(" sweep");
          pass(Duration.ofSeconds(random.nextInt(25)));
          fixture.models.sweep();
          reference.sweep();
        }
        case 8, 9, 10, 11, 12 -> release();
        default -> acquire(name, 1 + random.nextInt(random.nextInt(9) == 0 ? 120 : 60));
      }
      pass(Duration.ofMillis(2 + random.nextInt(5_000)));
    }

    private void unload(String name) {
      done.append(" unload ").append(name);
      assertThat(fixture.models.unload(Fixture.key(name)))
          .as(done::toString)
          .isEqualTo(reference.unload(name));
    }

    private void keep(String name, Duration most) {
      done.append(" keep ").append(name).append(' ').append(most);
      fixture.models.keepAlive(Fixture.key(name), most);
      reference.keepNanos.put(name, most.toNanos());
    }

    private void pass(Duration time) {
      fixture.pass(time);
      reference.now += time.toNanos();
    }

    private void release() {
      if (!leases.isEmpty()) {
        int index = random.nextInt(leases.size());
        done.append(" release ").append(index);
        leases.remove(index).close();
        reference.release(index);
      }
    }

    private void acquire(String name, long estimate) {
      long bytes = Math.max(0, estimate + (random.nextInt(4) == 0 ? random.nextInt(21) - 10 : 0));
      Duration took = Duration.ofMillis(2 + random.nextInt(3_000));
      done.append(" acquire ").append(name).append(' ').append(estimate).append('/').append(bytes);
      Answer expected = reference.acquire(name, estimate, bytes, took.toNanos());
      ModelLoader<Probe> loader =
          ModelLoader.of(
              estimate,
              () -> {
                Probe probe = new Probe();
                made.add(probe);
                fixture.pass(took);
                return Loaded.of(probe, bytes);
              });
      assertThat(answer(name, loader, expected)).as(done::toString).isEqualTo(expected);
    }

    /** Who expects no room waits for none, and until the load was given up. */
    private Answer answer(String name, ModelLoader<Probe> loader, Answer expected) {
      waits = expected == Answer.NO_ROOM;
      long failures = fixture.models.stats().failures();
      Duration patience = waits ? Duration.ZERO : Duration.ofHours(1);
      try {
        Lease<Probe> lease = fixture.models.acquire(Fixture.key(name), loader, "me", patience);
        leases.add(lease);
        return lease.hit() ? Answer.HIT : Answer.LOADED;
      } catch (ResidentException.TooBig e) {
        return Answer.TOO_BIG;
      } catch (ResidentException.NoRoom | ResidentException.StillLoading e) {
        later.forEach(LoadRun::run);
        later.clear();
        Fixture.until(() -> fixture.models.stats().failures() > failures);
        return Answer.NO_ROOM;
      }
    }

    private void compare() {
      // What a load evicts for having been too large closes on its own thread.
      Fixture.until(() -> fixture.models.stats().usedBytes() == reference.used());
      ResidentStats stats = fixture.models.stats();
      Seen seen =
          new Seen(
              fixture.names(), stats.leases(), stats.hits(), stats.misses(), stats.evictions());
      Seen expected =
          new Seen(
              List.copyOf(reference.live.keySet()),
              reference.leases.size(),
              reference.hits,
              reference.misses,
              reference.evictions);
      assertThat(seen).as(done::toString).isEqualTo(expected);
      assertThat(stats.reservedBytes()).as(done::toString).isZero();
      assertThat(leases).as(done::toString).allMatch(each -> each.model().closed() == 0);
    }
  }

  private record Seen(List<String> live, int leases, long hits, long misses, long evictions) {}
}
