package dev.larder.mirror;

import dev.larder.content.Commit;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the commit that an info document names. Only its own {@code sha}: further inside stands
 * what authors wrote about their models.
 */
final class InfoSha {
  private static final JsonFactory JSON = new JsonFactory();

  private InfoSha() {}

  static Optional<Commit> of(byte[] info) {
    try (JsonParser in = JSON.createParser(info)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean sha = in.currentName().equals("sha");
        JsonToken value = in.nextToken();
        if (sha) {
          return value == JsonToken.VALUE_STRING
              ? Optional.of(in.getString()).filter(Commit::looksLike).map(Commit::new)
              : Optional.empty();
        }
        in.skipChildren();
      }
      return Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty(); // No document that names anything.
    }
  }
}
