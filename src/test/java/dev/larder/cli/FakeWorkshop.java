package dev.larder.cli;

import dev.larder.access.Tokens;
import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import dev.larder.doctor.Report;
import dev.larder.location.LocationState;
import dev.larder.location.MoveListener;
import dev.larder.location.MoveReport;
import dev.larder.location.MoveRequest;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.models.Models;
import dev.larder.provision.Archives;
import dev.larder.settings.Location;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import dev.larder.testing.TinyModels;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers commands with what a test put here, and remembers what was asked. */
final class FakeWorkshop implements Workshop, Larder {
  final List<Object> asked = new ArrayList<>();
  final List<RepoListing> listings = new ArrayList<>();
  @Nullable PullResult pulled;
  @Nullable VerifyReport verified;
  @Nullable StatsReport counted;
  @Nullable Report examined;
  @Nullable WhyReport explained;
  @Nullable RuntimeException failure;
  Optional<URI> server = Optional.empty();
  @Nullable Settings settings;
  boolean closed;
  LocationState state = new LocationState.Here();
  @Nullable MoveReport moved;
  final FakeTokens tokens = new FakeTokens();
  final FakeArchives archives = new FakeArchives(asked);
  final FakeRemovals removals = new FakeRemovals();
  final FakeBudget budget = new FakeBudget();
  final TinyModels models = new TinyModels(10_000, InstantSource.fixed(CliFixture.NOW));

  @Override
  public Larder open(Settings with, Consumer<String> warn) {
    settings = with;
    return this;
  }

  @Override
  public Larder look(Settings with, Consumer<String> warn) {
    return open(with, warn);
  }

  @Override
  public Larder openToRemove(Settings with, Consumer<String> warn) {
    return open(with, warn);
  }

  @Override
  public void serve(Settings with, Consumer<URI> ready) {
    settings = with;
    fail();
    ready.accept(URI.create("http://127.0.0.1:4711"));
  }

  @Override
  public MoveReport move(MoveRequest request, MoveListener listener) {
    asked.add(request);
    fail();
    if (moved != null) {
      return moved;
    }
    return new MoveReport(
        request.name(),
        request.from(),
        request.to(),
        MoveReport.How.COPY,
        3,
        4_000,
        List.of(),
        List.of(Path.of("/old/token")));
  }

  @Override
  public Map<Location, LocationState> locations(Settings with) {
    Map<Location, LocationState> states = new LinkedHashMap<>();
    with.locations().forEach(each -> states.put(each, state));
    return states;
  }

  @Override
  public void demo(boolean once, Terminal terminal) {
    asked.add("demo once=" + once);
  }

  @Override
  public Report examine(SettingSources sources, boolean offline, boolean fix) {
    asked.add("doctor offline=%s fix=%s".formatted(offline, fix));
    fail();
    return java.util.Objects.requireNonNull(examined);
  }

  @Override
  public Optional<URI> runningServer(Settings with) {
    return server;
  }

  @Override
  public PullResult pull(PullRequest request, PullListener listener) {
    asked.add(request);
    fail();
    return pulled;
  }

  @Override
  public List<RepoListing> list(ListRequest request) {
    fail();
    return listings;
  }

  @Override
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    asked.add(request);
    fail();
    return verified;
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    asked.add(since);
    fail();
    return counted;
  }

  @Override
  public Removals removals() {
    return removals;
  }

  @Override
  public WhyReport why(WhyRequest request) {
    asked.add(request);
    fail();
    return explained;
  }

  @Override
  public Tokens tokens() {
    return tokens;
  }

  @Override
  public Archives archives() {
    fail();
    return archives;
  }

  @Override
  public Budget budget() {
    return budget;
  }

  @Override
  public Models models() {
    fail();
    return models;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void fail() {
    if (failure != null) {
      throw failure;
    }
  }

  /** A failure with a code of the test's choice. */
  static LarderException failing(String code, String message) {
    return new LarderException(code, Retry.never(), message, null) {
      private static final long serialVersionUID = 1L;
    };
  }
}
