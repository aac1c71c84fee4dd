package dev.larder.doctor;

import dev.larder.catalog.CatalogHealth;
import java.nio.file.Path;
import java.util.List;

/** Whether the catalog can be opened. One that is in use was read by its owner already. */
final class CatalogCheck implements Check {
  @Override
  public String subject() {
    return "the catalog";
  }

  @Override
  public List<Finding> look(Scene scene) {
    Path file = scene.larder().resolve("catalog.db");
    String aside = "mv %s %s".formatted(Shell.quoted(file), Shell.quoted(file + ".aside"));
    return switch (CatalogHealth.of(file, !scene.storeInUse())) {
      case CatalogHealth.Absent _, CatalogHealth.Sound _ -> List.of();
      case CatalogHealth.Damaged(String reason) ->
          found(Code.CATALOG_DAMAGED, "%s is damaged: %s.".formatted(file, reason), "larder ls");
      case CatalogHealth.Newer(int schema, int known) ->
          found(
              Code.CATALOG_NEWER,
              "A newer Larder wrote %s (schema %d; this one knows %d)."
                  .formatted(file, schema, known),
              aside);
      case CatalogHealth.Foreign _ ->
          found(
              Code.CATALOG_FOREIGN,
              "%s is the database of another program.".formatted(file),
              aside);
      case CatalogHealth.Unreadable(String reason) ->
          found(
              Code.CATALOG_UNREADABLE,
              "%s cannot be read: %s.".formatted(file, reason),
              Owners.take(scene, scene.larder()));
      case CatalogHealth.NoDriver(String reason) ->
          found(
              Code.NATIVE_LIBRARY,
              "SQLite cannot be loaded: %s.".formatted(reason),
              Shell.export("JAVA_TOOL_OPTIONS", "-Dorg.sqlite.tmpdir=" + scene.home()));
    };
  }

  private static List<Finding> found(Code code, String what, String mend) {
    return List.of(Finding.of(code, what, mend));
  }
}
