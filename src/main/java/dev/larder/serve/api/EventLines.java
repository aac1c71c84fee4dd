package dev.larder.serve.api;

import dev.larder.content.LarderException;
import dev.larder.http.Header;
import dev.larder.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Answers that are written while the work is done: a line of JSON for each event. */
final class EventLines {
  static final String TYPE = "application/x-ndjson";

  private static final List<Header> HEADERS =
      List.of(Header.of("Content-Type", TYPE), Header.of("Cache-Control", "no-store"));

  private EventLines() {}

  /**
   * Events as they come; the last one is the result or, as {@code failed} words it, the failure.
   */
  static <E> Reply reply(Consumer<Consumer<E>> work, Function<LarderException, E> failed) {
    return new Reply.Stream(
        200,
        HEADERS,
        sink -> {
          Consumer<E> emit =
              event -> {
                byte[] line =
                    (StoreJson.MAPPER.writeValueAsString(event) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
                synchronized (sink) {
                  sink.write(line, 0, line.length);
                }
              };
          try {
            work.accept(emit);
          } catch (LarderException e) {
            emit.accept(failed.apply(e));
          }
        });
  }
}
