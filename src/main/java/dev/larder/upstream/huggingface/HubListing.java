package dev.larder.upstream.huggingface;

import dev.larder.upstream.Fields;
import dev.larder.upstream.UpstreamException.UpstreamLied;
import java.util.Optional;
import java.util.regex.Pattern;

/** The pages of a long answer. */
final class HubListing {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
  private static final Pattern NEXT = Pattern.compile("(?i);\\s*rel=\"?next\"?\\s*(?:[;,].*)?");
  private static final Pattern QUERY = Pattern.compile("[\\x21-\\x7e&&[^#\"<>\\\\^`{|}]]{1,4096}");

  private HubListing() {}

  /**
   * The query of the next page. Only the query: the page is asked for where the first one was, so a
   * link can lead nowhere else.
   */
  static Optional<String> nextQuery(Fields fields) {
    var link = LINK.matcher(fields.find("Link").orElse(""));
    while (link.find()) {
      String address = link.group(1);
      int query = address.indexOf('?');
      if (query >= 0 && NEXT.matcher(link.group(2).strip()).matches()) {
        return Optional.of(address.substring(query + 1)).filter(q -> QUERY.matcher(q).matches());
      }
    }
    return Optional.empty();
  }

  static UpstreamLied broken(String what, String reason) {
    return new UpstreamLied(
        "Tried to get %s, but its answer cannot be right: %s. Is this address really a hub?"
            .formatted(what, reason));
  }
}
