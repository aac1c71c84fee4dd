package dev.larder.upstream.huggingface;

import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import dev.larder.upstream.Credential;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.EgressGuard;
import dev.larder.upstream.Origin;
import dev.larder.upstream.Redirects;
import dev.larder.upstream.Redirects.Landing;
import dev.larder.upstream.RetryAfter;
import dev.larder.upstream.WireRequest;
import dev.larder.upstream.WireResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a hub for large files by their digests, as {@code git lfs} does: git-lfs, docs/api/batch.md.
 * One attempt, no retries. The addresses that the hub answers carry signatures: they stay in here.
 */
final class HubLfs {
  private static final String TYPE = "application/vnd.git-lfs+json";

  /** Of an answer: its frame, and for each object an address with a long signature. */
  private static final int FRAME_BYTES = 64 << 10;

  private static final int OBJECT_BYTES = 8 << 10;

  private final HubAddresses addresses;
  private final Redirects redirects;
  private final EgressGuard guard;
  private final Origin home;
  private final InstantSource clock;

  HubLfs(
      HubAddresses addresses,
      Redirects redirects,
      EgressGuard guard,
      Origin home,
      InstantSource clock) {
    this.addresses = addresses;
    this.redirects = redirects;
    this.guard = guard;
    this.home = home;
    this.clock = clock;
  }

  /** Those of {@code objects} that the repo has. */
  Found<Set<Digest>> known(
      RepoId repo,
      List<LfsObjectId> objects,
      Credential credential,
      Reserve reserve,
      Deadline deadline) {
    return switch (batch(repo, objects, credential, reserve, deadline)) {
      case Found.Not<Map<Digest, URI>>(Found.Refusal reason) -> new Found.Not<>(reason);
      case Found.Here<Map<Digest, URI>>(Map<Digest, URI> at) ->
          new Found.Here<>(Set.copyOf(at.keySet()));
    };
  }

  /** Refused as a missing entry when the repo has no such object. */
  Found<Passed> open(RepoId repo, LfsObjectId object, Credential credential, Deadline deadline) {
    return switch (batch(repo, List.of(object), credential, Reserve.UNLIMITED, deadline)) {
      case Found.Not<Map<Digest, URI>>(Found.Refusal reason) -> new Found.Not<>(reason);
      case Found.Here<Map<Digest, URI>>(Map<Digest, URI> at) -> {
        URI address = at.get(object.digest());
        yield address == null ? missing() : new Found.Here<>(open(repo, object, address, deadline));
      }
    };
  }

  private static Found<Passed> missing() {
    return new Found.Not<>(
        new Found.Refusal(404, Found.Refusal.NO_ENTRY, "Entry not found", Optional.empty()));
  }

  private Passed open(RepoId repo, LfsObjectId object, URI address, Deadline deadline) {
    Origin _ = guard.redirect(home, address); // Judged as a redirect is: the hub chose it.
    WireRequest request =
        WireRequest.get(address, "object " + object.digest().abbreviated() + " of " + repo);
    Landing landing =
        redirects.follow(request, Credential.ANONYMOUS, deadline, Redirects.Watcher.NONE);
    boolean opened = false;
    try {
      WireResponse response = landing.response();
      if (response.busy()) {
        throw RetryAfter.busy(request.what(), response, clock);
      }
      if (response.status() != 200) {
        throw HubAnswers.noBytes(response, request.what());
      }
      HubAnswers.checkPlain(response, request.what());
      opened = true;
      return new LfsBody(landing, object, request.what());
    } finally {
      if (!opened) {
        landing.close();
      }
    }
  }

  private Found<Map<Digest, URI>> batch(
      RepoId repo,
      List<LfsObjectId> objects,
      Credential credential,
      Reserve reserve,
      Deadline deadline) {
    WireRequest request = question(repo, objects);
    try (Landing landing =
        redirects.follow(request, credential, deadline, Redirects.Watcher.NONE)) {
      WireResponse response = landing.response();
      if (response.busy()) {
        throw RetryAfter.busy(request.what(), response, clock);
      }
      if (HubAnswers.refusal(response)) {
        return HubAnswers.refused(response);
      }
      HubAnswers.checkPlain(response, request.what());
      response.body().until(deadline);
      return new Found.Here<>(
          answer(
              request,
              response.body().readAll(FRAME_BYTES + objects.size() * OBJECT_BYTES, reserve)));
    }
  }

  private WireRequest question(RepoId repo, List<LfsObjectId> objects) {
    Map<String, Object> body =
        Map.of(
            "operation",
            "download",
            "transfers",
            List.of("basic"),
            "hash_algo",
            "sha256",
            "objects",
            objects.stream()
                .map(it -> Map.of("oid", it.digest().hex(), "size", it.sizeBytes()))
                .toList());
    return new WireRequest(
        "POST",
        addresses.withQuery("/" + repo + ".git/info/lfs/objects/batch", ""),
        Map.of("Accept", TYPE, "Content-Type", TYPE),
        JsonMapper.shared().writeValueAsBytes(body),
        "where large files of " + repo + " are");
  }

  private static Map<Digest, URI> answer(WireRequest request, byte[] body) {
    try {
      Map<Digest, URI> found = new HashMap<>();
      for (JsonNode object : JsonMapper.shared().readTree(body).path("objects")) {
        String href = object.path("actions").path("download").path("href").asString("");
        if (!href.isEmpty()) {
          found.put(new Digest(object.path("oid").asString("")), new URI(href));
        }
      }
      return found;
    } catch (JacksonException | URISyntaxException | dev.larder.content.InvalidName e) {
      throw HubListing.broken(request.what(), "it is not what an LFS server answers");
    }
  }
}
