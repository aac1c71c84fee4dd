package dev.larder.upstream.huggingface;

import dev.larder.content.Reserve;
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

  Found<Document> get(
      DocumentRequest request, Credential credential, Reserve reserve, Deadline deadline) {
    return request instanceof DocumentRequest.Tree tree
        ? tree(tree, credential, reserve, deadline)
        : one(request, credential, reserve, deadline);
  }

  private Found<Document> one(
      DocumentRequest request, Credential credential, Reserve reserve, Deadline deadline) {
    WireRequest wire = addresses.of(request, "");
    Found<Page> found = page(wire, credential, reserve, deadline);
    return switch (found) {
      case Found.Not<Page>(Found.Refusal reason) -> new Found.Not<>(reason);
      case Found.Here<Page>(Page page) -> new Found.Here<>(document(request, page, wire, reserve));
    };
  }

  private static Document document(
      DocumentRequest request, Page page, WireRequest wire, Reserve reserve) {
    if (request instanceof DocumentRequest.AuthCheck) {
      return new Document(new byte[0], "text/plain; charset=utf-8", Optional.empty(), Map.of());
    }
    if (request instanceof DocumentRequest.Raw) {
      return new Document(page.bytes(), page.contentType(), Optional.empty(), page.headers());
    }
    reserve.take(page.bytes().length);
    ByteArrayOutputStream out = new ByteArrayOutputStream(page.bytes().length);
    JsonPages json = JsonPages.document(out);
    add(json, page, wire);
    json.close();
    Optional<String> next =
        request instanceof DocumentRequest.Commits || request instanceof DocumentRequest.Search
            ? page.nextQuery()
            : Optional.empty();
    return new Document(out.toByteArray(), page.contentType(), next, page.headers());
  }

  private Found<Document> tree(
      DocumentRequest.Tree request, Credential credential, Reserve reserve, Deadline deadline) {
    return switch (page(addresses.of(request, ""), credential, reserve, deadline)) {
      case Found.Not<Page>(Found.Refusal reason) -> new Found.Not<>(reason);
      case Found.Here<Page>(Page first) ->
          new Found.Here<>(joined(request, first, credential, reserve, deadline));
    };
  }

  private Document joined(
      DocumentRequest.Tree request,
      Page first,
      Credential credential,
      Reserve reserve,
      Deadline deadline) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(first.bytes().length);
    JsonPages json = JsonPages.array(out);
    Set<String> asked = new HashSet<>();
    WireRequest wire = addresses.of(request, "");
    add(json, first, wire);
    for (Page page = first; page.nextQuery().isPresent(); ) {
      String query = page.nextQuery().get();
      if (out.size() > Document.LIMIT_BYTES || asked.size() == MOST_PAGES || !asked.add(query)) {
        throw HubListing.broken(wire.what(), "the listing has no end");
      }
      page = nextPage(addresses.of(request, query), credential, reserve, deadline);
      add(json, page, wire);
    }
    json.close();
    return new Document(out.toByteArray(), first.contentType(), Optional.empty(), first.headers());
  }

  private Page nextPage(
      WireRequest wire, Credential credential, Reserve reserve, Deadline deadline) {
    return switch (page(wire, credential, reserve, deadline)) {
      case Found.Here<Page>(Page page) -> page;
      case Found.Not<Page> _ ->
          throw HubListing.broken(wire.what(), "a later page of the listing was refused");
    };
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

  private Found<Page> page(
      WireRequest request, Credential credential, Reserve reserve, Deadline deadline) {
    try (var landing = redirects.follow(request, credential, deadline, Redirects.Watcher.NONE)) {
      WireResponse response = landing.response();
      if (response.busy()) {
        throw RetryAfter.busy(request.what(), response, clock);
      }
      if (HubAnswers.refusal(response)) {
        return HubAnswers.refused(response);
      }
      return new Found.Here<>(read(request, response, reserve, deadline));
    }
  }

  private static Page read(
      WireRequest request, WireResponse response, Reserve reserve, Deadline deadline) {
    String type = response.fields().find("Content-Type").orElse("application/octet-stream");
    boolean json = request.headers().containsValue(DocumentAddresses.JSON);
    if (response.status() != 200 || (json && !type.toLowerCase(Locale.ROOT).contains("json"))) {
      throw HubAnswers.lied(response, request.what(), "it is not the document asked for");
    }
    HubAnswers.checkPlain(response, request.what());
    response.body().until(deadline);
    byte[] bytes = response.body().readAll(Document.LIMIT_BYTES, reserve);
    Optional<String> next = HubListing.nextQuery(response.fields(), request.what());
    return new Page(bytes, type, next, kept(response));
  }

  private static Map<String, String> kept(WireResponse response) {
    Map<String, String> kept = new LinkedHashMap<>();
    KEPT_FIELDS.forEach(
        name -> response.fields().find(name).ifPresent(value -> kept.put(name, value)));
    return Map.copyOf(kept);
  }
}
