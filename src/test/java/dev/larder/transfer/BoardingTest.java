package dev.larder.transfer;

import static dev.larder.transfer.FlightFixture.QUICK;
import static dev.larder.transfer.FlightFixture.async;
import static dev.larder.transfer.FlightFixture.open;
import static dev.larder.transfer.FlightFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import dev.larder.transfer.FlightFixture.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers who come while a flight is about to end. */
final class BoardingTest extends FlightCase {
  private static final int THREADS = 16;
  private static final int ROUNDS = 15;

  private Flights flights;

  @BeforeEach
  void start() {
    flights = new Flights(fixture.store, QUICK);
  }

  @AfterEach
  void stop() {
    flights.close();
  }

  private static void arrive(Phaser gate) {
    gate.awaitAdvance(gate.arrive());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void open_aroundTheEnd_neverFetchesAgain(boolean lfs) {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = Bytes.of(round, 3000);
      Offer file = fixture.offer("round-" + round + ".bin", bytes, lfs);
      Phaser settling = new Phaser(1);
      settling.bulkRegister(THREADS);
      FlightOrder first = fixture.order(file, _ -> arrive(settling));
      List<CompletableFuture<byte[]>> late = new ArrayList<>();
      List<String> told = new CopyOnWriteArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int turns = thread;
        late.add(
            async(
                () -> {
                  arrive(settling);
                  for (int turn = 0; turn < turns; turn++) {
                    Thread.yield(); // Each a little later than the one before.
                  }
                  String name = "name-" + turns / 2; // Two of each.
                  FlightOrder order = fixture.order(file, name, _ -> told.add(name));
                  try (FlightReader reader = open(flights, order)) {
                    return readAll(reader);
                  }
                }));
      }
      try (FlightReader reader = open(flights, first)) {
        reader.awaitPublished(_ -> {});
      }
      assertThat(late).allSatisfy(got -> assertThat(got.join()).isEqualTo(bytes));
      assertThat(fixture.hub.downloads("round-" + round + ".bin"))
          .as("downloads in round " + round)
          .hasSize(1);
      assertThat(told).as("told in round " + round).hasSize(THREADS / 2).doesNotHaveDuplicates();
    }
  }

  @Test
  void open_afterTheEnd_ofABlobThatWasRemoved_fetchesAgain() {
    byte[] bytes = Bytes.of(1, 3000);
    Offer file = fixture.offer("model.bin", bytes, false);
    for (int time = 0; time < 2; time++) {
      try (FlightReader reader = open(flights, fixture.order(file, _ -> {}))) {
        assertThat(readAll(reader)).isEqualTo(bytes);
        reader.awaitPublished(_ -> {});
      }
      fixture.store.remove(Bytes.digest(bytes));
    }
    assertThat(fixture.hub.downloads("model.bin")).hasSize(2);
  }

  @Test
  void flightThatAnotherNameStarted_publishesThisNameToo() {
    byte[] bytes = Bytes.of(1, 3000);
    Offer file = fixture.offer("model.bin", bytes, true);
    fixture.hub.onFile("model.bin").stallAfter(1000);
    List<Digest> mine = new ArrayList<>();
    AtomicInteger others = new AtomicInteger();
    Consumer<Digest> other = _ -> others.incrementAndGet();
    try (FlightReader one = open(flights, fixture.order(file, other));
        FlightReader two = open(flights, fixture.order(file, other));
        FlightReader _ = open(flights, fixture.order(file, "copy.bin", mine::add))) {
      fixture.hub.clearFaults();
      two.awaitPublished(_ -> {});
      one.awaitPublished(_ -> {});
    }
    assertThat(mine).containsExactly(Bytes.digest(bytes));
    assertThat(others).hasValue(1);
  }

  /** The bytes are in the store; the flight's own name is not written down for that. */
  @Test
  void nameThatCannotBeWrittenDown_isTheTroubleOfWhoWaits_andOthersAreWritten() {
    Offer file = fixture.offer("model.bin", Bytes.of(1, 3000), true);
    fixture.hub.onFile("model.bin").stallAfter(1000);
    List<Digest> mine = new ArrayList<>();
    FlightOrder failing =
        fixture.order(
            file,
            _ -> {
              throw new IllegalStateException("no row");
            });
    try (FlightReader one = open(flights, failing);
        FlightReader _ = open(flights, fixture.order(file, "copy.bin", mine::add))) {
      fixture.hub.clearFaults();
      assertThatThrownBy(() -> one.awaitPublished(_ -> {}))
          .isInstanceOf(TransferException.Broken.class);
    }
    assertThat(mine).hasSize(1);
  }
}
