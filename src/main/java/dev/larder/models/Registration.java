package dev.larder.models;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.util.Optional;

/**
 * What a name stands for. {@code location}: where to keep the repo if it is nowhere yet; a name,
 * never a path, so that it means the same on a host and in a container. {@code engine}: by name;
 * empty: the one that suits the repo's files. {@code file}: the weights, where the engine's own
 * choice is not meant.
 */
public record Registration(
    ModelName name,
    RepoId repo,
    Revision revision,
    String location,
    Optional<String> engine,
    Optional<String> file) {
  /** The location where a repo is kept when nobody says. */
  public static final String PRIMARY = "primary";
}
