package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.http.Endpoint;
import dev.larder.serve.api.StoreMessages;
import dev.larder.store.StoreLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every path that the server knows has its expectation, for every caller: those about repos in
 * {@code rights.txt}, all others in {@code api-rights.txt}.
 */
final class ApiRightsTest extends RightsSite {
  private static final List<String> CALLERS =
      List.of("nobody", "reader", "granted", "admin", "owner", "page");

  /** Words in addresses that are no routes of their own. */
  private static final Set<String> PARTS =
      Set.of(
          "api",
          "models",
          "datasets",
          "spaces",
          "pr",
          "convert",
          "heads",
          "tags",
          "recursive",
          "expand");

  private final List<Line> lines = read();

  private record Line(String method, String path, List<Integer> statuses) {}

  private static List<Line> read() {
    try (InputStream in = ApiRightsTest.class.getResourceAsStream("api-rights.txt")) {
      String text =
          new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split("\\s+"))
          .map(
              parts ->
                  new Line(
                      parts[0],
                      parts[1],
                      Arrays.stream(parts).skip(2).map(Integer::valueOf).toList()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String secret() {
    return switch (StoreLock.attempt(root.resolve("larder"))) {
      case StoreLock.Attempt.Theirs(var owner) -> owner.orElseThrow().secret();
      case StoreLock.Attempt.Mine _ -> throw new AssertionError("the server holds no lock");
    };
  }

  private String[] headers(String caller) {
    return switch (caller) {
      case "owner" -> new String[] {StoreMessages.SECRET_HEADER, secret()};
      case "page" ->
          new String[] {
            StoreMessages.SECRET_HEADER, secret(), "Origin", "https://elsewhere.example"
          };
      default ->
          callers
              .get(caller)
              .map(token -> new String[] {"Authorization", "Bearer " + token})
              .orElse(new String[0]);
    };
  }

  @Test
  void everyCaller_getsWhatIsWritten() {
    open();
    List<String> wrong = new ArrayList<>();
    for (Line line : lines) {
      assertThat(line.statuses()).as(line.path()).hasSameSizeAs(CALLERS);
      for (int i = 0; i < CALLERS.size(); i++) {
        clock.pass(Duration.ofSeconds(61)); // Wrong tokens are counted by the minute.
        Got got = read(open(line.method(), line.path(), headers(CALLERS.get(i))));
        if (got.status() != line.statuses().get(i)) {
          wrong.add(line + " " + CALLERS.get(i) + ": " + got.status() + " " + got.text());
        }
        if (got.status() == 401 || got.status() == 403) {
          assertThat(got.text()).doesNotContain(ADMIN, secret(), root.toString(), "team");
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** A request for which nobody wrote down who may make it fails here. */
  @Test
  void everyPathThatTheServerKnows_hasALine() {
    Set<String> unknown = new TreeSet<>();
    for (String text : texts("dev/larder/serve")) {
      int space = text.indexOf(' ');
      String method = space < 0 ? "" : text.substring(0, space);
      String path = text.substring(space + 1);
      if (method.matches("|[A-Z]+")
          && path.matches("/[a-z][a-z0-9/-]*")
          && lines.stream().noneMatch(line -> covers(line, method, path))) {
        unknown.add(text);
      }
    }
    assertThat(unknown).as("paths without a line in api-rights.txt").isEmpty();
  }

  private static boolean covers(Line line, String method, String path) {
    boolean same = method.isEmpty() || method.equals(line.method());
    return same
        && (line.path().equals(path) || (path.endsWith("/") && line.path().startsWith(path)));
  }

  @Test
  void everyWordOfTheHubsPaths_standsInOneOfTheFiles() {
    Set<String> asked = new TreeSet<>(PARTS);
    Stream.concat(ROUTES.values().stream().map(Route::path), lines.stream().map(Line::path))
        .flatMap(path -> Arrays.stream(path.split("[/?]", -1)))
        .forEach(asked::add);
    Set<String> words = new TreeSet<>(texts("dev/larder/serve/huggingface/HubRoutes.class"));
    words.removeIf(word -> !word.matches("[a-z][a-z0-9-]+"));
    assertThat(words).contains("resolve", "whoami-v2");
    words.removeAll(asked);
    assertThat(words).as("routes that rights.txt and api-rights.txt do not ask for").isEmpty();
  }

  @Test
  void everyEndpoint_hasALine() {
    open();
    List<String> prefixes = server().endpoints().stream().map(Endpoint::prefix).toList();
    assertThat(prefixes).contains("hf", "api");
    assertThat(prefixes)
        .allMatch(prefix -> lines.stream().anyMatch(line -> line.path().startsWith("/" + prefix)));
  }

  /** The texts that compiled classes hold. */
  private static Set<String> texts(String where) {
    Set<String> texts = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("target", "classes").resolve(where))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        ClassFile.of()
            .parse(file)
            .constantPool()
            .forEach(
                entry -> {
                  if (entry instanceof StringEntry text) {
                    texts.add(text.stringValue());
                  }
                });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }
}
