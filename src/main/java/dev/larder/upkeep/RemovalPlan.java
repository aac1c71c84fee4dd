package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a removal does, step by step. {@code bytes}: what all steps together give back to the disk;
 * a file with several names counts once, and one that something else needs does not count.
 */
public record RemovalPlan(List<Going> going, List<Staying> staying, long bytes) {
  public RemovalPlan {
    going = List.copyOf(going);
    staying = List.copyOf(staying);
  }

  /** The plan of one location among several. */
  public RemovalPlan at(String location) {
    return new RemovalPlan(going.stream().map(step -> step.at(location)).toList(), staying, bytes);
  }

  /** What kind of thing goes. */
  public enum Kind {
    /** A repo with all that is in its folder. */
    REPO,
    /** One commit of a repo. */
    REVISION,
    /** A blob of a repo that no snapshot leads to. */
    BLOB,
    /** A download that somebody began long ago and did not end. */
    LEFTOVER,
    /** A file of the store that all repos share since huggingface_hub 2.0. */
    SHARED_BLOB,
    /** A blob of Larder's store that nothing leads to. */
    STORED_BLOB
  }

  /** Why it goes. */
  public enum Why {
    NAMED,
    /** No ref names it. */
    UNREFERENCED,
    /** Nothing leads to it. */
    ORPHANED,
    ABANDONED,
    /** Not used for as long as was asked for. */
    UNUSED,
    /** To come down to the size that was asked for. */
    TOO_MUCH
  }

  /**
   * One step. {@code refs}: the refs that go along. {@code name}: of a blob. {@code bytes}: what
   * this step gives back after those before it. {@code seen}: of a repo that was chosen by its use.
   * {@code location}: where it is, and nothing goes anywhere else; empty as long as nobody asked
   * for several locations.
   */
  public record Going(
      Kind kind,
      Why why,
      Optional<RepoId> repo,
      Optional<Commit> commit,
      List<Revision> refs,
      String name,
      long bytes,
      Optional<Seen> seen,
      Optional<String> location) {
    public Going {
      refs = List.copyOf(refs);
    }

    /** As a command names it. */
    public String subject() {
      return switch (kind) {
        case REPO -> repo.map(RepoId::toString).orElse(name);
        case REVISION ->
            repo.map(RepoId::toString).orElse("") + commit.map(it -> "@" + it).orElse("");
        case BLOB, LEFTOVER -> repo.map(RepoId::toString).orElse("") + ":blobs/" + name;
        case SHARED_BLOB -> "blobs/" + name;
        case STORED_BLOB -> "sha256:" + name;
      };
    }

    Going freeing(long freed) {
      return new Going(kind, why, repo, commit, refs, name, freed, seen, location);
    }

    Going at(String where) {
      return new Going(kind, why, repo, commit, refs, name, bytes, seen, Optional.of(where));
    }
  }

  /**
   * What a repo was chosen by: what was used since, or got a commit since, is not that any more.
   */
  public record Seen(Instant lastUsed, List<Commit> commits) {
    public Seen {
      commits = List.copyOf(commits);
    }
  }

  /** What was asked for, or would be next, and stays. {@code why}: a part of a sentence. */
  public record Staying(String subject, String why) {}
}
