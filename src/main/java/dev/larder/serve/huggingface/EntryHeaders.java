package dev.larder.serve.huggingface;

import dev.larder.http.Header;
import dev.larder.mirror.CacheState;
import dev.larder.mirror.EntryHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The headers of a file, the same for GET and HEAD. What clients read of them and what breaks
 * without one: docs/protocols, resolve.
 */
record EntryHeaders(EntryHead head, CacheState state, boolean pinned, List<Header> list) {
  /** Nobody serves these as pages: a browser shows them as text and runs nothing. */
  private static final Set<String> TEXT =
      Set.of(
          "txt",
          "md",
          "json",
          "jsonl",
          "yaml",
          "yml",
          "csv",
          "tsv",
          "py",
          "toml",
          "cfg",
          "ini",
          "xml",
          "html",
          "jinja",
          "sh",
          "gitattributes",
          "gitignore");

  /** Opened by a browser, these can run what their author wrote. */
  private static final Set<String> PAGES =
      Set.of(
          "html", "htm", "xhtml", "xht", "shtml", "mhtml", "mht", "svg", "svgz", "xml", "xsl",
          "xslt", "rdf", "js", "mjs", "swf", "pdf");

  /** RFC 9110 §8.8.3. */
  private static final Pattern ENTITY_TAG = Pattern.compile("(W/)?\"[\\x21\\x23-\\x7e]*\"");

  /** {@code pinned}: asked for by commit, so that the answer can never change. */
  static EntryHeaders of(EntryHead head, CacheState state, boolean pinned) {
    String etag = tag(head);
    Headers headers = new Headers().add("X-Repo-Commit", head.commit().hex());
    if (!etag.isEmpty()) {
      headers.addText("ETag", etag);
    }
    if (head.lfs()) {
      headers.add("X-Linked-Etag", etag);
    }
    if (head.sizeBytes() >= 0) {
      headers.add("X-Linked-Size", Long.toString(head.sizeBytes()));
    }
    headers
        .add("Accept-Ranges", "bytes")
        .add("Content-Type", type(head.path().fileName()))
        .add("Content-Disposition", disposition(head.path().fileName()))
        .add("Content-Security-Policy", Headers.NOTHING_RUNS)
        // Without "public": a shared cache must not keep what was asked for with a token.
        .add("Cache-Control", pinned ? "max-age=31536000, immutable" : "no-cache")
        .add("X-Larder-Cache", state.name());
    if (state == CacheState.STALE) {
      headers.add("X-HF-Warning", HubErrors.STALE_WARNING);
    }
    return new EntryHeaders(head, state, pinned, List.copyOf(headers.list()));
  }

  /** The entity tag; what proves nothing is given on as it came. Empty when there is none. */
  static String tag(EntryHead head) {
    String validator = head.validator();
    return validator.isEmpty() || ENTITY_TAG.matcher(validator).matches()
        ? validator
        : '"' + validator.replace("\"", "") + '"';
  }

  boolean fits(EntryHead otherHead, CacheState otherState) {
    return state == otherState && (head == otherHead || head.equals(otherHead));
  }

  private static String type(String fileName) {
    return TEXT.contains(suffix(fileName))
        ? "text/plain; charset=utf-8"
        : "application/octet-stream";
  }

  /** What stands behind the last dot; empty without one. */
  private static String suffix(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot < 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  /** Python takes the name out of {@code filename="…";}: quotes and the last semicolon matter. */
  private static String disposition(String fileName) {
    String plain =
        fileName
            .chars()
            .mapToObj(c -> c >= 0x20 && c < 0x7f && c != '"' && c != '\\' ? (char) c : '_')
            .map(String::valueOf)
            .collect(Collectors.joining());
    String how = PAGES.contains(suffix(fileName)) ? "attachment" : "inline";
    return how + "; filename*=UTF-8''" + escaped(fileName) + "; filename=\"" + plain + "\";";
  }

  /** RFC 8187 §3.2.1. */
  private static String escaped(String fileName) {
    StringBuilder out = new StringBuilder();
    for (byte b : fileName.getBytes(StandardCharsets.UTF_8)) {
      boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
      if (letter || b == '.' || b == '-' || b == '_' || b == '~') {
        out.append((char) b);
      } else {
        out.append('%').append("%02X".formatted(b & 0xff));
      }
    }
    return out.toString();
  }
}
