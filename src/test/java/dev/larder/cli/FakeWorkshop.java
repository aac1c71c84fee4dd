package dev.larder.cli;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.settings.Settings;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  @Nullable RuntimeException failure;
  Optional<URI> server = Optional.empty();
  @Nullable Settings settings;
  boolean closed;

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
  public void serve(Settings with, Consumer<URI> ready) {
    settings = with;
    fail();
    ready.accept(URI.create("http://127.0.0.1:4711"));
  }

  @Override
  public void demo(boolean once, Terminal terminal) {
    asked.add("demo once=" + once);
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
  public List<RepoListing> list() {
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
