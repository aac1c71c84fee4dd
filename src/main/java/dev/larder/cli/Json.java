package dev.larder.cli;

import java.io.StringWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * JSON as the commands print it: maps keep their order, bytes and counts are integers, times are
 * RFC 3339, an empty {@code Optional} is null. Streams, since binding classes would cost a short
 * command more than its work.
 */
final class Json {
  private static final ObjectWriteContext PRETTY =
      new ObjectWriteContext.Base() {
        @Override
        public tools.jackson.core.PrettyPrinter getPrettyPrinter() {
          return new DefaultPrettyPrinter();
        }

        @Override
        public boolean hasPrettyPrinter() {
          return true;
        }
      };

  private Json() {}

  /** An object being built: {@code object("repo", r, "size_bytes", n)}. */
  static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return object;
  }

  static String text(Object value) {
    Writer out = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(PRETTY, out)) {
      write(json, value);
    }
    return out.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case Optional<?> optional -> write(json, optional.orElse(null));
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Instant time -> json.writeString(time.toString());
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach(
            (name, member) -> {
              json.writeName(String.valueOf(name));
              write(json, member);
            });
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(element -> write(json, element));
        json.writeEndArray();
      }
      default -> json.writeString(value.toString());
    }
  }
}
