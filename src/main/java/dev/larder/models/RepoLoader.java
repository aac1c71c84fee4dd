package dev.larder.models;

import dev.larder.models.Gathering.Errand;
import dev.larder.models.Gathering.Gathered;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelLoader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Loads one model of a repo. What is missing is brought before memory is reserved for it, so that
 * no reservation waits for a download.
 */
final class RepoLoader implements ModelLoader<Model> {
  private final Gathering gathering;
  private final Meant meant;
  private final Errand errand;
  private final Hooks hooks;
  private volatile @Nullable Gathered gathered;

  /** What its registry wants to know and to decide. */
  interface Hooks {
    /** Throws when the name means something else by now. */
    void begins(Meant meant);

    /** It is loaded; what is answered is called when it is closed. */
    Runnable loaded(Meant meant, Model model);
  }

  RepoLoader(Gathering gathering, Meant meant, Errand errand, Hooks hooks) {
    this.gathering = gathering;
    this.meant = meant;
    this.errand = errand;
    this.hooks = hooks;
  }

  @Override
  public long estimateBytes() throws Exception {
    hooks.begins(meant);
    return gathering.gather(
        meant,
        errand,
        (found, files) -> {
          gathered = found;
          return found.engine().estimateBytes(files, meant.options());
        });
  }

  @Override
  public Loaded<Model> load() throws Exception {
    Gathered found = Objects.requireNonNull(gathered, "estimateBytes comes first");
    RepoFiles files = gathering.reopen(meant, found, errand.downloads());
    try {
      Loaded<? extends Model> made = found.engine().load(files, meant.options());
      requireSound(files, made);
      Runnable closed = hooks.loaded(meant, made.model());
      return new Loaded<>(made.model(), made.bytes(), () -> close(made, files, closed));
    } catch (Throwable e) {
      try (files) {
        throw Gathering.reason(meant, files, e);
      }
    }
  }

  /** Bytes that changed under the load may have made any model. */
  private void requireSound(RepoFiles files, Loaded<? extends Model> made) throws Exception {
    String changed = files.rewritten().orElse(null);
    if (changed != null) {
      try (AutoCloseable _ = made.closing()) {
        throw new ModelsException.Rewritten(meant.snapshot(), changed);
      }
    }
  }

  private static void close(Loaded<? extends Model> made, RepoFiles files, Runnable closed)
      throws Exception {
    try (files;
        AutoCloseable _ = made.closing()) {
      closed.run();
    }
  }
}
