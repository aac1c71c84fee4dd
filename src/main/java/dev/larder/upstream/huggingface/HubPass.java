package dev.larder.upstream.huggingface;

import dev.larder.upstream.Credential;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.Origin;
import dev.larder.upstream.Redirects;
import dev.larder.upstream.Redirects.Landing;
import dev.larder.upstream.RetryAfter;
import dev.larder.upstream.WireRequest;
import dev.larder.upstream.WireResponse;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts reads to the hub as they came. One attempt, no retries. */
final class HubPass {
  private static final int LONGEST_NAME = 120;

  /** What a redirect says of the file it leads to, and the host there does not. */
  private static final List<String> LINKED =
      List.of("x-repo-commit", "x-linked-etag", "x-linked-size");

  private final HubAddresses addresses;
  private final Redirects redirects;
  private final Origin home;
  private final InstantSource clock;

  HubPass(HubAddresses addresses, Redirects redirects, Origin home, InstantSource clock) {
    this.addresses = addresses;
    this.redirects = redirects;
    this.home = home;
    this.clock = clock;
  }

  Found<Passed> open(PassRequest request, Credential credential, Deadline deadline) {
    Credential shown =
        request.git() && credential instanceof Credential.Token(String secret)
            ? new Credential.Password(secret)
            : credential;
    return open(wire(request), shown, deadline);
  }

  private Found<Passed> open(WireRequest wire, Credential credential, Deadline deadline) {
    Map<String, String> linked = new HashMap<>();
    Landing landing =
        redirects.follow(
            wire,
            credential,
            deadline,
            (redirect, _, _) -> {
              if (redirect.origin().equals(home)) {
                note(redirect, linked);
              }
              return false;
            });
    boolean opened = false;
    try {
      Found<Passed> found = judged(wire, landing, linked);
      opened = found instanceof Found.Here<Passed>;
      return found;
    } finally {
      if (!opened) {
        landing.close();
      }
    }
  }

  private static void note(WireResponse redirect, Map<String, String> linked) {
    LINKED.forEach(
        name -> redirect.fields().find(name).ifPresent(v -> linked.putIfAbsent(name, v)));
  }

  private Found<Passed> judged(WireRequest wire, Landing landing, Map<String, String> linked) {
    WireResponse response = landing.response();
    if (response.busy()) {
      throw RetryAfter.busy(wire.what(), response, clock);
    }
    if (HubAnswers.refusal(response)) {
      if (!response.origin().equals(home) && !HubAnswers.hasCode(response)) {
        throw HubAnswers.noBytes(response, wire.what());
      }
      return HubAnswers.refused(response);
    }
    return new Found.Here<>(HubPassed.of(wire, landing, linked));
  }

  private WireRequest wire(PassRequest request) {
    URI address = addresses.withQuery(request.path(), request.query());
    return new WireRequest(
        request.method(), address, request.headers(), request.body(), named(request.path()));
  }

  /** The path alone: a query may hold what is secret. */
  private static String named(String path) {
    return path.length() <= LONGEST_NAME ? path : path.substring(0, LONGEST_NAME) + "…";
  }
}
