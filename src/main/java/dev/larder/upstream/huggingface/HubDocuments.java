package dev.larder.upstream.huggingface;

import dev.larder.upstream.Credential;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.Redirects;
import dev.larder.upstream.RetryAfter;
import dev.larder.upstream.WireRequest;
import dev.larder.upstream.WireResponse;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Asks a hub's API and gives its answers on, without Xet. One attempt, no retries. */
final class HubDocuments {
  private static final int MOST_PAGES = 2000;
  private static final List<String> KEPT_FIELDS = List.of("etag", "x-repo-commit", "x-hf-warning");

  private final DocumentAddresses addresses;
  private final Redirects redirects;
  private final InstantSource clock;

  HubDocuments(HubAddresses addresses, Redirects redirects, InstantSource clock) {
    this.addresses = new DocumentAddresses(addresses);
    this.redirects = redirects;
    this.clock = clock;
  }

  Found<Document> get(DocumentRequest request, Credential credential, Deadline deadline) {
    return request instanceof DocumentRequest.Tree tree
        ? tree(tree, credential, deadline)
        : one(request, credential, deadline);
  }

  private Found<Document> one(DocumentRequest request, Credential credential, Deadline deadline) {
    WireRequest wire = addresses.of(request, "");
    Found<Page> found = page(wire, credential, deadline);
    return switch (found) {
      case Found.Not<Page>(Found.Refusal reason) -> new Found.Not<>(reason);
      case Found.Here<Page>(Page page) -> new Found.Here<>(document(request, page, wire));
    };
  }

  private static Document document(DocumentRequest request, Page page, WireRequest wire) {
    if (request instanceof DocumentRequest.Raw) {
      return new Document(page.bytes(), page.contentType(), Optional.empty(), page.headers());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(page.bytes().length);
    JsonPages json = JsonPages.document(out);
    add(json, page, wire);
    json.close();
    Optional<String> next =
        request instanceof DocumentRequest.Commits ? page.nextQuery() : Optional.empty();
    return new Document(out.toByteArray(), page.contentType(), next, page.headers());
  }

  private Found<Document> tree(
      DocumentRequest.Tree request, Credential credential, Deadline deadline) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonPages json = JsonPages.array(out);
    Set<String> asked = new HashSet<>();
    @Nullable Page first = null;
    String query = "";
    do {
      WireRequest wire = addresses.of(request, query);
      Page page;
      switch (page(wire, credential, deadline)) {
        case Found.Here<Page>(Page here) -> page = here;
        case Found.Not<Page>(Found.Refusal reason) -> {
          if (first != null) {
            throw HubListing.broken(wire.what(), "a later page of the listing was refused");
          }
          return new Found.Not<>(reason);
        }
      }
      first = first == null ? page : first;
      add(json, page, wire);
      query = page.nextQuery().orElse("");
      if (out.size() > Document.LIMIT_BYTES || asked.size() > MOST_PAGES || !asked.add(query)) {
        throw HubListing.broken(wire.what(), "the listing has no end");
      }
    } while (!query.isEmpty());
    json.close();
    return new Found.Here<>(
        new Document(out.toByteArray(), first.contentType(), Optional.empty(), first.headers()));
  }

  private static void add(JsonPages json, Page page, WireRequest wire) {
    try {
      json.add(page.bytes());
    } catch (JacksonException e) {
      throw HubListing.broken(wire.what(), "it is not the JSON that was asked for");
    }
  }

  private record Page(
      byte[] bytes, String contentType, Optional<String> nextQuery, Map<String, String> headers) {}

  private Found<Page> page(WireRequest request, Credential credential, Deadline deadline) {
    try (var landing = redirects.follow(request, credential, deadline, Redirects.Watcher.NONE)) {
      WireResponse response = landing.response();
      if (response.busy()) {
        throw RetryAfter.busy(request.what(), response, clock);
      }
      if (HubAnswers.refusal(response)) {
        return HubAnswers.refused(response);
      }
      String type = response.fields().find("Content-Type").orElse("application/octet-stream");
      boolean json = request.headers().containsValue(DocumentAddresses.JSON);
      if (response.status() != 200 || (json && !type.toLowerCase(Locale.ROOT).contains("json"))) {
        throw HubAnswers.lied(response, request.what(), "it is not the document asked for");
      }
      HubAnswers.checkPlain(response, request.what());
      response.body().until(deadline);
      byte[] bytes = response.body().readAll(Document.LIMIT_BYTES);
      return new Found.Here<>(
          new Page(bytes, type, HubListing.nextQuery(response.fields()), kept(response)));
    }
  }

  private static Map<String, String> kept(WireResponse response) {
    Map<String, String> kept = new LinkedHashMap<>();
    KEPT_FIELDS.forEach(
        name -> response.fields().find(name).ifPresent(value -> kept.put(name, value)));
    return Map.copyOf(kept);
  }
}
