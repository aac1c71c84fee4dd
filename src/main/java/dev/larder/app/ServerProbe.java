package dev.larder.app;

import dev.larder.content.LarderException;
import dev.larder.doctor.Servers;
import dev.larder.serve.api.StoreJson;
import dev.larder.serve.api.StoreMessages;
import dev.larder.store.StoreLock.Owner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Asks servers of this machine with little patience: whoever asks wants to know if they live. */
final class ServerProbe implements Servers {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Override
  public Optional<Map<String, String>> settings(Owner owner) {
    return get(owner.address() + "/api/store/settings", owner.secret())
        .map(response -> response.statusCode() == 200 ? settings(response.body()) : Map.of());
  }

  private static Map<String, String> settings(String json) {
    try {
      return StoreJson.MAPPER.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JacksonException | LarderException _) {
      return Map.of(); // Of another version: it lives, and says nothing that can be compared.
    }
  }

  @Override
  public boolean larderAnswers(String endpoint) {
    if (!endpoint.endsWith("/hf")) {
      return false;
    }
    String base = endpoint.substring(0, endpoint.length() - "/hf".length());
    return get(base + "/api/health", "")
        .filter(response -> response.statusCode() == 200 && response.body().contains("\"ok\""))
        .isPresent();
  }

  /** Empty when nobody answers in time. */
  private static Optional<HttpResponse<String>> get(String address, String secret) {
    try (HttpClient client = client()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE);
      if (!secret.isEmpty()) {
        request.header(StoreMessages.SECRET_HEADER, secret);
      }
      return Optional.of(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty(); // Nobody there, or no address at all: both are no answer.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // Whoever asks ends as well.
      return Optional.empty();
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(PATIENCE)
        .build();
  }
}
