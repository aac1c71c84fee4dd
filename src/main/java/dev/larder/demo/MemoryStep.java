package dev.larder.demo;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The step of the story where the pulled model is loaded, and shared by who asks for it next. */
record MemoryStep(SiteApi site, String model, DemoOutput output) {
  private static final List<String> SENTENCES =
      List.of(
          "Every model is downloaded once and kept.",
          "The cat sleeps in the sun.",
          "A cache saves us from fetching the same model again.");

  /** What came out, for the story to judge. */
  record Outcome(Likeness closest, JsonNode before, JsonNode after) {
    /** Whether the second request found what the first had loaded. */
    boolean loadedOnce() {
      return before.path("total_entries").asInt() == 1
          && after.path("total_entries").asInt() == 1
          && entry(before).path("created_at").equals(entry(after).path("created_at"))
          && entry(after).path("access_count").asLong()
              == entry(before).path("access_count").asLong() + 1;
    }

    private static JsonNode entry(JsonNode stats) {
      return stats.path("entries").iterator().next();
    }
  }

  Outcome tell() {
    Timed<List<float[]>> first = Timed.of(this::embed);
    JsonNode before = site.cacheStats();
    List<Likeness> pairs = Likeness.pairs(first.value());
    for (int i = 0; i < SENTENCES.size(); i++) {
      output.line("   %c: %s".formatted('A' + i, SENTENCES.get(i)));
    }
    for (Likeness pair : pairs) {
      output.line(
          String.format(
              Locale.ROOT,
              "   %c and %c: cosine %.3f%s",
              'A' + pair.first(),
              'A' + pair.second(),
              pair.cosine(),
              pair == pairs.getFirst() ? "  <- alike" : ""));
    }
    Timed<List<float[]>> again = Timed.of(this::embed);
    JsonNode after = site.cacheStats();
    output.line(
        "   POST /v1/embeddings: %s with loading the model, %s when it was there"
            .formatted(Figures.seconds(first.took()), Figures.seconds(again.took())));
    output.line("   GET /api/cache/stats:");
    SiteApi.pretty(after).lines().forEach(line -> output.line("   " + line));
    return new Outcome(pairs.getFirst(), before, after);
  }

  private List<float[]> embed() {
    return site.embed(model, SENTENCES);
  }
}
