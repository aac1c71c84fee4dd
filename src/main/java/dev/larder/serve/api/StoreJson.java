package dev.larder.serve.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * How the store's API writes and reads its values: snake_case, names as strings, bytes as integers,
 * times RFC 3339.
 *
 * <p>A command and the server that it asks may be of two versions, since a server runs for weeks.
 * So what one of them does not know is passed over, and what it does not send reads as empty: a
 * list without elements, zero, false.
 */
public final class StoreJson {
  /** For both ends: the server and the commands that ask it. */
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .withConfigOverride(
              List.class,
              lists -> lists.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
          .addModule(names())
          .build();

  private StoreJson() {}

  private static SimpleModule names() {
    SimpleModule module = new SimpleModule();
    named(module, RepoId.class, RepoId::parse);
    named(module, Commit.class, Commit::new);
    named(module, Revision.class, Revision::new);
    named(module, EntryPath.class, EntryPath::new);
    return module;
  }

  private static <T> void named(SimpleModule module, Class<T> type, Function<String, T> reader) {
    module.addSerializer(type, ToStringSerializer.instance);
    module.addDeserializer(
        type,
        new StdDeserializer<T>(type) {
          @Override
          public T deserialize(JsonParser parser, DeserializationContext context) {
            return reader.apply(parser.getString());
          }
        });
  }
}
