package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.Holder;
import dev.larder.catalog.CatalogException;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.upstream.huggingface.Found;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose the names of repos are. A repo can be renamed or deleted at the hub and its name be given
 * to another one; commits of the former one are answered only if the hub says that the present one
 * has them too. From memory once it was read: nobody else writes the catalog. Safe for concurrent
 * use.
 */
final class Holders {
  private static final Logger LOG = LoggerFactory.getLogger(Holders.class);

  private final HubMemory memory;
  private final Catalog catalog;

  /** Held while a row is read or written, and what is in memory with it. */
  private final ReentrantLock rows = new ReentrantLock();

  Holders(HubMemory memory, Catalog catalog) {
    this.memory = memory;
    this.catalog = catalog;
  }

  Holder of(RepoId repo) {
    RepoMemory known = memory.of(repo);
    Holder holder = known.holder();
    if (holder != null) {
      return holder;
    }
    rows.lock();
    try {
      Holder read = known.holder() == null ? catalog.holder(repo) : known.holder();
      known.holder(read);
      return read;
    } finally {
      rows.unlock();
    }
  }

  /** Whether {@code commit} is of a repo that had the name before. */
  boolean isFormer(RepoId repo, Commit commit) {
    return of(repo).former().contains(commit);
  }

  /** What the hub said of {@code commit}: throws when it is of a former repo alone. */
  void judge(RepoId repo, Optional<Commit> commit, Found<?> said) {
    Commit former = commit.filter(at -> isFormer(repo, at)).orElse(null);
    if (former == null) {
      return;
    }
    switch (said) {
      case Found.Here<?> _ -> confirmed(repo, former);
      case Found.Not<?>(Found.Refusal no) -> {
        if (no.code().equals(Found.Refusal.NO_REVISION)) {
          throw new MirrorException.RepoIdentityChanged(repo, former);
        }
      }
    }
  }

  /** That it is not written down costs a question more each time, and no answer. */
  private void confirmed(RepoId repo, Commit commit) {
    rows.lock();
    try {
      Holder known = of(repo);
      catalog.forgetFormer(repo, commit);
      memory
          .of(repo)
          .holder(
              new Holder(
                  known.hubId(),
                  known.former().stream()
                      .filter(at -> !at.equals(commit))
                      .collect(Collectors.toUnmodifiableSet())));
    } catch (CatalogException e) {
      LOG.atWarn()
          .addKeyValue("repo", repo)
          .log("that a commit is of the present repo is not kept: {}", e.explanation());
    } finally {
      rows.unlock();
    }
  }

  /** The first that was heard of it. */
  void first(RepoId repo, String hubId) {
    rows.lock();
    try {
      catalog.putHolder(repo, hubId);
      memory.of(repo).holder(catalog.holder(repo));
    } finally {
      rows.unlock();
    }
  }

  /** Another repo has the name; {@code former}: commits of the one before. */
  void change(RepoId repo, String hubId, Set<Commit> former) {
    rows.lock();
    try {
      catalog.changeHolder(repo, hubId, former);
      memory.of(repo).holder(catalog.holder(repo));
    } finally {
      rows.unlock();
    }
  }
}
