package dev.larder.serve.openai;

import dev.larder.content.InvalidName;
import dev.larder.models.LoadedModels.Usable;
import dev.larder.models.ModelsException;
import java.util.List;

/** {@code GET /v1/models}, and of one of them. */
record ModelList(String object, List<Entry> data) {
  private static final String NOBODY = "larder";

  /**
   * One model. {@code created}: seconds since 1970. {@code ownedBy}: the organization of its repo.
   */
  record Entry(String id, String object, long created, String ownedBy) {
    static Entry of(Usable model) {
      int slash = model.repo().indexOf('/');
      return new Entry(
          model.name(),
          "model",
          model.sinceEpochSecond(),
          slash < 0 ? NOBODY : model.repo().substring(0, slash));
    }
  }

  static ModelList of(List<Usable> models) {
    return new ModelList("list", models.stream().map(Entry::of).toList());
  }

  static Entry named(String name, List<Usable> models) {
    return models.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .map(Entry::of)
        .orElseThrow(
            () ->
                new ModelsException.NoSuchModel(
                    "No model '%s' is registered or in memory here; GET /v1/models names those that are."
                        .formatted(InvalidName.quoted(name, 120))));
  }
}
