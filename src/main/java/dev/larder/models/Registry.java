package dev.larder.models;

import dev.larder.catalog.CatalogException;
import dev.larder.catalog.ModelRows;
import dev.larder.catalog.ModelRows.ModelRow;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.models.RegisteredModel.Pulled;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is registered: in memory, and written through to the catalog. Reading asks no database; a
 * change is in both, or in neither. Safe for concurrent use.
 */
final class Registry {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
  private static final Comparator<Registered> BY_NAME = Comparator.comparing(Registered::name);

  private final ModelRows rows;
  private final InstantSource clock;
  private final Map<String, Registered> byName = new ConcurrentHashMap<>();

  Registry(ModelRows rows, InstantSource clock) {
    this.rows = rows;
    this.clock = clock;
    for (ModelRow row : rows.models()) {
      try {
        byName.put(row.name(), Registered.of(row));
      } catch (InvalidName e) {
        LOG.warn("a registered model is left out: {}", e.explanation());
      }
    }
  }

  List<Registered> all() {
    return byName.values().stream().sorted(BY_NAME).toList();
  }

  /** Null when nothing has the name. */
  @Nullable Registered find(String name) {
    return byName.get(name);
  }

  Registered get(ModelName name) {
    Registered found = byName.get(name.value());
    if (found == null) {
      throw new ModelsException.NotRegistered(name);
    }
    return found;
  }

  /** One that leaves engine and file open, of this very repo and revision. */
  Optional<Registered> plain(RepoId repo, Revision revision) {
    return byName.values().stream()
        .filter(
            each ->
                each.registration().repo().equals(repo)
                    && each.registration().revision().equals(revision)
                    && each.registration().engine().isEmpty()
                    && each.registration().file().isEmpty())
        .min(BY_NAME);
  }

  synchronized Registered add(Registration wish) {
    Registered here = byName.get(wish.name().value());
    if (here != null) {
      throw new ModelsException.Exists(here.registration());
    }
    // The catalog keeps milliseconds: so the time is the same after a restart.
    Registered added =
        new Registered(wish, clock.instant().truncatedTo(ChronoUnit.MILLIS), Optional.empty());
    rows.putModel(added.row());
    byName.put(wish.name().value(), added);
    return added;
  }

  synchronized Registered remove(ModelName name) {
    Registered gone = get(name);
    rows.forgetModel(name.value());
    byName.remove(name.value());
    return gone;
  }

  /**
   * Notes what was brought for {@code of}, unless that was removed meanwhile or is known. What
   * cannot be written is left to the next time: the files are here all the same.
   */
  void pulled(Registered of, Pulled brought) {
    if (isCurrent(of) && !get(of.name()).pulled().filter(brought::isAlso).isPresent()) {
      try {
        write(of, brought);
      } catch (CatalogException e) {
        LOG.atWarn()
            .addKeyValue("event", "model.not_noted")
            .addKeyValue("key", of.name())
            .log("what was brought for a model is not written down: {}", e.explanation());
      }
    }
  }

  private synchronized void write(Registered of, Pulled brought) {
    if (isCurrent(of)) {
      Registered with = get(of.name()).with(brought);
      rows.putModel(with.row());
      byName.put(of.name().value(), with);
    }
  }

  /** Whether {@code then} is what its name means now. */
  boolean isCurrent(Registered then) {
    Registered now = byName.get(then.name().value());
    return now != null && now.isSame(then);
  }

  InstantSource clock() {
    return clock;
  }
}
