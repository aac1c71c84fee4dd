package dev.larder.mirror;

import dev.larder.content.Commit;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads what an info document says of its repo. Only fields of its own: further inside stands what
 * authors wrote about their models.
 */
final class InfoSha {
  private static final Pattern HUB_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final JsonFactory JSON = new JsonFactory();

  private InfoSha() {}

  /** The commit that it names. */
  static Optional<Commit> of(byte[] info) {
    return field(info, "sha").filter(Commit::looksLike).map(Commit::new);
  }

  /**
   * What the hub itself calls the repo: it stays through renames, and no other repo ever has it.
   */
  static Optional<String> hubId(byte[] info) {
    return field(info, "_id").filter(id -> HUB_ID.matcher(id).matches());
  }

  private static Optional<String> field(byte[] info, String name) {
    try (JsonParser in = JSON.createParser(info)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = in.currentName().equals(name);
        JsonToken value = in.nextToken();
        if (wanted) {
          return value == JsonToken.VALUE_STRING ? Optional.of(in.getString()) : Optional.empty();
        }
        in.skipChildren();
      }
      return Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty(); // No document that names anything.
    }
  }
}
