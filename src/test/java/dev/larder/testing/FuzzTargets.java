package dev.larder.testing;

import dev.larder.content.NamesFuzz;
import dev.larder.http.AddressFuzz;
import dev.larder.http.FramingFuzz;
import dev.larder.http.RangeFuzz;
import dev.larder.serve.huggingface.RouteFuzz;
import dev.larder.upstream.AnswerFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What reads bytes of strangers, each with the inputs that are kept for it. */
enum FuzzTargets {
  NAMES(NamesFuzz.class, NamesFuzz::fuzzerTestOneInput),
  ADDRESS(AddressFuzz.class, AddressFuzz::fuzzerTestOneInput),
  RANGE(RangeFuzz.class, RangeFuzz::fuzzerTestOneInput),
  FRAMING(FramingFuzz.class, FramingFuzz::fuzzerTestOneInput),
  ROUTE(RouteFuzz.class, RouteFuzz::fuzzerTestOneInput),
  ANSWER(AnswerFuzz.class, AnswerFuzz::fuzzerTestOneInput);

  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz").toAbsolutePath();

  /** Returns when the input was read or refused as it should be; throws anything else. */
  interface Reader {
    void read(byte[] input) throws IOException;
  }

  private final Class<?> type;
  private final Reader reader;

  FuzzTargets(Class<?> type, Reader reader) {
    this.type = type;
    this.reader = reader;
  }

  Class<?> type() {
    return type;
  }

  void read(byte[] input) throws IOException {
    reader.read(input);
  }

  Path corpus() {
    return CORPUS.resolve(name().toLowerCase(java.util.Locale.ROOT));
  }

  /** In the order of their names, so that a run is the same everywhere. */
  List<byte[]> inputs() {
    try (Stream<Path> files = Files.list(corpus())) {
      return files.sorted().map(FuzzTargets::bytes).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
