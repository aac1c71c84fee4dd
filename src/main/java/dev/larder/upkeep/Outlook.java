package dev.larder.upkeep;

import dev.larder.catalog.Catalog.Visibility;

/** What the next request for something meets. {@code ref}: the commit that its revision means. */
record Outlook(Why.Terms terms, Visibility visibility, Ref ref, Extent here) {
  /** Whether the commit that a revision means has to be asked for. */
  enum Ref {
    FRESH,
    OLD,
    UNKNOWN
  }

  String sentence() {
    if (terms.offline()) {
      return switch (here) {
        case ALL ->
            "Larder is offline: the next request is answered from the cache." + unaskedRights();
        case SOME ->
            "Larder is offline: the next request for a file that is here is answered from the cache, any other is refused."
                + unaskedRights();
        case NONE -> "Larder is offline: the next request is refused, since it is not here.";
      };
    }
    return switch (ref) {
          case FRESH -> "The next request %s.".formatted(bytes());
          case OLD ->
              "The next request asks the hub what the revision means now; if that did not change, it %s."
                  .formatted(bytes());
          case UNKNOWN ->
              "The next request asks the hub what the revision means, and %s.".formatted(bytes());
        }
        + rights();
  }

  private String bytes() {
    return switch (here) {
      case ALL -> "is answered from the cache";
      case SOME -> "is answered from the cache where a file is here, else fetched from the hub";
      case NONE -> "is fetched from the hub";
    };
  }

  private String rights() {
    return switch (visibility) {
      case PUBLIC -> "";
      case RESTRICTED ->
          " Only a caller whose own token the hub lets in, or whose group was granted the repo,"
              + " gets it.";
      case UNKNOWN -> " Whether the caller may have it is asked of the hub first.";
    };
  }

  private String unaskedRights() {
    return switch (visibility) {
      case PUBLIC -> "";
      case RESTRICTED ->
          terms.personal()
              ? ""
              : " Only a caller whom the hub let in a moment ago, or whose group was granted the"
                  + " repo, gets it.";
      case UNKNOWN ->
          terms.trusting()
              ? ""
              : " Who may have it was never asked of the hub: only a caller whose group was granted"
                  + " the repo gets it.";
    };
  }
}
