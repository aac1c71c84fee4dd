package dev.larder.mirror;

import dev.larder.upstream.huggingface.Document;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code whoami-v2} says to who has a token of this Larder: the hub does not know them.
 * Clients ask it at a login, and read the names and the role.
 */
final class WhoIs {
  private static final JsonMapper JSON = JsonMapper.shared();

  private WhoIs() {}

  static DocumentAnswer named(String name) {
    Map<String, Object> token = Map.of("displayName", name, "role", "read");
    Map<String, Object> who =
        Map.of(
            "type",
            "user",
            "name",
            name,
            "fullname",
            name,
            "orgs",
            List.of(),
            "auth",
            Map.of("type", "access_token", "accessToken", token));
    return new DocumentAnswer.Here(Document.json(JSON.writeValueAsBytes(who)), CacheState.BYPASS);
  }
}
