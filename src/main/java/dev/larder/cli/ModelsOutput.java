package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.models.RegisteredModel;
import dev.larder.models.RegisteredModel.InMemory;
import dev.larder.models.RegisteredModel.Pulled;
import dev.larder.models.Registration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registered models as text and as JSON, the latter as {@code /api/models} has them. */
record ModelsOutput(Desk desk) {
  private static final String NOTHING = "–";

  /** What became of one. */
  void print(RegisteredModel model, String sentence) {
    if (desk.json()) {
      desk.printJson(json(model));
    } else if (!desk.quiet()) {
      desk.print(Visible.of(sentence));
    }
  }

  static List<String> lines(List<RegisteredModel> models) {
    TextTable table = new TextTable("NAME", "REPO", "REVISION", "ENGINE", "STATE", ">MEMORY");
    for (RegisteredModel model : models) {
      Registration it = model.registration();
      table.row(
          it.name().value(),
          it.repo().toString(),
          it.revision().toString(),
          model.engine().orElse(NOTHING),
          model.state(),
          model.loaded().map(memory -> Sizes.format(memory.sizeBytes())).orElse(NOTHING));
    }
    return table.lines();
  }

  static List<String> described(RegisteredModel model, Instant now) {
    Registration it = model.registration();
    List<String> lines = new ArrayList<>();
    line(lines, "name", it.name().value());
    line(lines, "repo", it.repo() + "@" + it.revision());
    line(lines, "location", it.location());
    line(lines, "engine", model.engine().orElse("what suits the repo's files"));
    it.file().ifPresent(file -> line(lines, "file", file));
    line(lines, "registered", Ages.ago(Optional.of(model.registeredAt()), now));
    line(lines, "state", model.state());
    model
        .pulled()
        .ifPresent(
            here -> {
              line(lines, "commit", here.commit().hex());
              line(
                  lines,
                  "files",
                  "%d, %s, pulled %s"
                      .formatted(
                          here.files(),
                          Sizes.format(here.sizeBytes()),
                          Ages.ago(Optional.of(here.at()), now)));
            });
    model
        .loaded()
        .ifPresent(
            memory ->
                line(
                    lines,
                    "in memory",
                    "%s, loaded %s; accesses %d, open leases %d"
                        .formatted(
                            Sizes.format(memory.sizeBytes()),
                            Ages.ago(Optional.of(memory.since()), now),
                            memory.accesses(),
                            memory.leases())));
    return lines;
  }

  private static void line(List<String> lines, String what, String value) {
    lines.add("%-12s%s".formatted(what, Visible.of(value)));
  }

  static Map<String, @Nullable Object> json(RegisteredModel model) {
    Registration it = model.registration();
    Optional<Pulled> pulled = model.pulled();
    return Json.object(
        "model_name", it.name(),
        "hf_path", it.repo(),
        "revision", it.revision(),
        "cache_location", it.location(),
        "engine", model.engine(),
        "file", it.file(),
        "registered_at", model.registeredAt(),
        "state", model.state(),
        "commit", pulled.map(Pulled::commit),
        "files", pulled.map(Pulled::files),
        "size_bytes", pulled.map(Pulled::sizeBytes),
        "pulled_at", pulled.map(Pulled::at),
        "loaded", model.loaded().map(ModelsOutput::json));
  }

  private static Map<String, @Nullable Object> json(InMemory memory) {
    return Json.object(
        "since", memory.since(),
        "size_bytes", memory.sizeBytes(),
        "access_count", memory.accesses(),
        "leases", memory.leases());
  }
}
