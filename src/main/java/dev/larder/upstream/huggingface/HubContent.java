package dev.larder.upstream.huggingface;

import dev.larder.content.ByteRange;
import dev.larder.upstream.Credential;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.Redirects;
import dev.larder.upstream.Redirects.Landing;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.RetryAfter;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import dev.larder.upstream.WireRequest;
import dev.larder.upstream.WireResponse;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One file of a commit. The address that the hub redirects to is kept for the ranges that follow,
 * and asked for again once when it is not valid any more. It is a secret: it carries a signature.
 */
final class HubContent implements RemoteContent {
  private final WireRequest request;
  private final Redirects redirects;
  private final Credential credential;
  private final Duration openTimeout;
  private final InstantSource clock;

  /** Held while the way is found, so that it is found once for all. */
  private final ReentrantLock finding = new ReentrantLock();

  private volatile @Nullable Way way;

  /**
   * Where the bytes lie, and what may be shown there: a way that has once left home has lost the
   * credential for good, also where it came back. Never prints itself.
   */
  private record Way(URI address, Credential allowed) {
    @Override
    public String toString() {
      return "Way[***]";
    }
  }

  /** {@code known} is where the hub said, a moment ago, that the bytes lie outside of it. */
  HubContent(
      WireRequest request,
      Redirects redirects,
      Credential credential,
      Optional<URI> known,
      Duration openTimeout,
      InstantSource clock) {
    this.request = request;
    this.redirects = redirects;
    this.credential = credential;
    this.way = known.map(HubContent::outside).orElse(null);
    this.openTimeout = openTimeout;
    this.clock = clock;
  }

  private static Way outside(URI address) {
    return new Way(address, Credential.ANONYMOUS);
  }

  @Override
  public String description() {
    return request.what();
  }

  @Override
  public Body open(@Nullable ByteRange range, @Nullable String validator, Deadline by) {
    Deadline deadline = by.atMost(openTimeout);
    Landing landing = land(asking(range, validator), deadline);
    boolean opened = false;
    try {
      Body body = HubBody.of(landing.response(), range, validator, request.what());
      opened = true;
      return body;
    } finally {
      if (!opened) {
        landing.close();
      }
    }
  }

  private WireRequest asking(@Nullable ByteRange range, @Nullable String validator) {
    if (range == null || range.length() == 0) {
      return request;
    }
    WireRequest partial = request.with("Range", "bytes=" + range.start() + "-" + (range.end() - 1));
    return validator == null ? partial : partial.with("If-Range", validator);
  }

  private Landing land(WireRequest asking, Deadline deadline) {
    Way known = way;
    if (known != null) {
      Landing landing = follow(asking, known, deadline);
      if (!outdated(landing) || known.equals(fromHome())) {
        return checked(landing);
      }
      landing.close();
    }
    Way current;
    lock(deadline);
    try {
      current = way;
      if (current == null || current.equals(known)) {
        return checked(find(asking, deadline));
      }
    } finally {
      finding.unlock();
    }
    return checked(follow(asking, current, deadline));
  }

  private Way fromHome() {
    return new Way(request.address(), credential);
  }

  /** Whether the hub should be asked again where the bytes lie. */
  private static boolean outdated(Landing landing) {
    return HubAnswers.refusal(landing.response());
  }

  private Landing find(WireRequest asking, Deadline deadline) {
    Landing landing = follow(asking, fromHome(), deadline);
    int status = landing.response().status();
    if (status == 200 || status == 206) {
      way = new Way(landing.address(), landing.allowed());
    }
    return landing;
  }

  private Landing follow(WireRequest asking, Way from, Deadline deadline) {
    return redirects.follow(
        asking.at(from.address()), from.allowed(), deadline, Redirects.Watcher.NONE);
  }

  private void lock(Deadline deadline) {
    try {
      if (finding.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // Whoever is told to stop waits no longer.
    }
    throw new UpstreamUnreachable(
        "Tried to get %s, but the hub did not say in time where it lies. Trying again may help."
            .formatted(request.what()),
        true,
        null);
  }

  /** Anything but bytes is a failure here. */
  private Landing checked(Landing landing) {
    WireResponse response = landing.response();
    if (response.status() == 200 || response.status() == 206) {
      return landing;
    }
    landing.close();
    if (response.busy()) {
      throw RetryAfter.told(RetryAfter.busy(request.what(), response, clock));
    }
    if (HubAnswers.refusal(response)) {
      throw HubAnswers.noBytes(response, request.what());
    }
    throw HubAnswers.lied(
        response, request.what(), "it answered " + response.status() + " where bytes were due");
  }
}
