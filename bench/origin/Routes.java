import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths of the origin. {@code /plain/NAME}: a file. {@code /bench/files/resolve/REV/NAME} and
 * {@code /api/models/bench/files/…}: a hub, with the redirects and headers of the real one. {@code
 * /_/stats}, {@code /_/set?connection=RATE&total=RATE&cut=NAME}: what was sent, and how to send.
 */
final class Routes {
  static final String COMMIT = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed";
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)");
  private static final String REPO = "bench/files";
  private static final String JSON = "application/json; charset=utf-8";

  private final Objects objects;
  private final Control control;
  private volatile int cdnPort;

  Routes(Objects objects, Control control) {
    this.objects = objects;
    this.control = control;
  }

  void cdnIsOn(int port) {
    cdnPort = port;
  }

  void answer(Connection.Ask ask, Connection to) throws IOException {
    String[] target = ask.target().split("\\?", 2);
    String path = URLDecoder.decode(target[0], StandardCharsets.UTF_8);
    String name = path.substring(path.lastIndexOf('/') + 1);
    Objects.Item item = objects.find(name);
    if (path.equals("/_/stats")) {
      json(ask, to, control.stats());
    } else if (path.equals("/_/set")) {
      control.set(query(target.length > 1 ? target[1] : ""));
      json(ask, to, "{}");
    } else if (path.startsWith("/api/models/" + REPO)) {
      api(ask, to, path.substring(("/api/models/" + REPO).length()));
    } else if (item == null) {
      missing(ask, to);
    } else if (path.startsWith("/" + REPO + "/resolve/")) {
      resolve(ask, to, item);
    } else {
      file(ask, to, item);
    }
  }

  private void resolve(Connection.Ask ask, Connection to, Objects.Item item) throws IOException {
    String commit = "X-Repo-Commit: " + COMMIT;
    if (item.large()) {
      String cdn = "http://127.0.0.1:" + cdnPort + "/cdn/" + item.name() + "?Signature=s";
      redirect(
          ask,
          to,
          302,
          cdn,
          commit,
          "X-Linked-Etag: \"" + item.id() + "\"",
          "X-Linked-Size: " + item.size());
    } else {
      String cache = "/api/resolve-cache/models/" + REPO + "/" + COMMIT + "/" + item.name();
      redirect(ask, to, 307, cache, commit, "ETag: \"" + item.id() + "\"");
    }
  }

  private void api(Connection.Ask ask, Connection to, String rest) throws IOException {
    if (rest.startsWith("/tree/")) {
      json(ask, to, "[" + list("type") + "]");
    } else if (rest.startsWith("/refs")) {
      json(
          ask,
          to,
          "{\"tags\":[],\"converts\":[],\"branches\":[{\"name\":\"main\",\"ref\":\"refs/heads/main\",\"targetCommit\":\"%s\"}]}"
              .formatted(COMMIT));
    } else {
      json(
          ask,
          to,
          "{\"id\":\"%s\",\"sha\":\"%s\",\"private\":false,\"gated\":false,\"disabled\":false,\"tags\":[],\"siblings\":[%s]}"
              .formatted(REPO, COMMIT, list("sibling")));
    }
  }

  private String list(String shape) {
    StringBuilder text = new StringBuilder();
    for (Objects.Item item : objects.all()) {
      text.append(text.isEmpty() ? "" : ",");
      text.append(shape.equals("type") ? entry(item) : "{\"rfilename\":\"" + item.name() + "\"}");
    }
    return text.toString();
  }

  private static String entry(Objects.Item item) {
    String oid = item.large() ? COMMIT : item.id();
    String lfs =
        item.large()
            ? ",\"lfs\":{\"oid\":\"%s\",\"size\":%d,\"pointerSize\":135}"
                .formatted(item.id(), item.size())
            : "";
    return "{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\"%s}"
        .formatted(item.name(), item.size(), oid, lfs);
  }

  private void file(Connection.Ask ask, Connection to, Objects.Item item) throws IOException {
    String range = ask.headers().get("range");
    String same = ask.headers().get("if-range");
    Matcher match = RANGE.matcher(range == null ? "" : range);
    if (!match.matches() || (same != null && !same.equals("\"" + item.id() + "\""))) {
      to.file(item, 0, item.size(), false, ask, control);
      return;
    }
    boolean suffix = match.group(1).isEmpty();
    long from = suffix ? item.size() - Long.parseLong(match.group(2)) : Long.parseLong(match.group(1));
    long last =
        suffix || match.group(2).isEmpty() ? item.size() - 1 : Long.parseLong(match.group(2));
    if (from >= item.size()) {
      to.document(416, JSON, new byte[0], ask.isHead(), "Content-Range: bytes */" + item.size());
    } else {
      to.file(item, Math.max(0, from), Math.min(item.size(), last + 1), true, ask, control);
    }
  }

  private static void redirect(
      Connection.Ask ask, Connection to, int status, String where, String... headers)
      throws IOException {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Location: " + where;
    to.document(status, "text/plain", "Found\n".getBytes(), ask.isHead(), all);
  }

  private static void json(Connection.Ask ask, Connection to, String text) throws IOException {
    to.document(200, JSON, text.getBytes(StandardCharsets.UTF_8), ask.isHead());
  }

  private static void missing(Connection.Ask ask, Connection to) throws IOException {
    byte[] body = "{\"error\":\"Entry not found\"}".getBytes(StandardCharsets.US_ASCII);
    to.document(
        404, JSON, body, ask.isHead(), "X-Error-Code: EntryNotFound", "X-Repo-Commit: " + COMMIT);
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> values = new HashMap<>();
    for (String pair : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        values.put(parts[0], parts[1]);
      }
    }
    return values;
  }
}
