package dev.larder.models;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.resident.Model;
import dev.larder.resident.ModelKey;
import dev.larder.resident.ModelOptions;
import java.util.Optional;

/**
 * What somebody means by the name of a model. {@code as}: its registration; empty for a cached repo
 * that is named directly.
 */
record Meant(
    ModelKey<Model> key,
    RepoId repo,
    Revision revision,
    String location,
    Optional<String> engine,
    ModelOptions options,
    Optional<Registered> as) {
  static Meant of(Registered registered) {
    Registration is = registered.registration();
    return new Meant(
        keyOf(is.name()),
        is.repo(),
        is.revision(),
        is.location(),
        is.engine(),
        new ModelOptions(is.file()),
        Optional.of(registered));
  }

  static ModelKey<Model> keyOf(ModelName name) {
    return ModelKey.of(name.value(), Model.class);
  }

  /** {@code org/name}, {@code org/name@revision}. Throws {@link dev.larder.content.InvalidName}. */
  static Meant directly(String text) {
    int at = text.indexOf('@');
    RepoId repo = RepoId.model(at < 0 ? text : text.substring(0, at));
    Revision revision = at < 0 ? Revision.MAIN : new Revision(text.substring(at + 1));
    // A name without an organisation could be that of a registration: never the same key.
    boolean plain = revision.equals(Revision.MAIN) && repo.name().contains("/");
    return new Meant(
        ModelKey.of(plain ? repo.name() : repo.name() + "@" + revision, Model.class),
        repo,
        revision,
        Registration.PRIMARY,
        Optional.empty(),
        ModelOptions.NONE,
        Optional.empty());
  }

  /** {@code o/r@main}. */
  String snapshot() {
    return repo + "@" + revision;
  }
}
