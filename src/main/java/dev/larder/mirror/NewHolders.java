package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when a name belongs to another repo at the hub than before, by what descriptions that
 * pass anyway say, and forgets what was known of the former one: its bytes are never answered as
 * the new one's. Safe for concurrent use.
 */
final class NewHolders {
  private static final Logger LOG = LoggerFactory.getLogger(NewHolders.class);

  private final Holders holders;
  private final Catalog catalog;
  private final Asking asking;
  private final Publishing publishing;
  private final KeptDocuments documents;
  private final HubTree tree;

  /** Held while what is known is compared and forgotten, so that it is told once. */
  private final ReentrantLock comparing = new ReentrantLock();

  NewHolders(
      Holders holders,
      Catalog catalog,
      Asking asking,
      Publishing publishing,
      KeptDocuments documents,
      HubTree tree) {
    this.holders = holders;
    this.catalog = catalog;
    this.asking = asking;
    this.publishing = publishing;
    this.documents = documents;
    this.tree = tree;
  }

  /** The hub answered so just now. Answers whether that showed another repo under the name. */
  boolean heard(RepoId repo, DocumentRequest request, Document document) {
    if (!(request instanceof DocumentRequest.Info)) {
      return false;
    }
    String now = InfoSha.hubId(document.body()).orElse(null);
    if (now == null || holders.of(repo).hubId().filter(now::equals).isPresent()) {
      return false;
    }
    comparing.lock();
    try {
      Optional<String> was = holders.of(repo).hubId();
      if (was.isEmpty()) {
        first(repo, now);
      } else if (!was.get().equals(now)) {
        changed(repo, was.get(), now, InfoSha.of(document.body()));
        return true;
      }
      return false;
    } finally {
      comparing.unlock();
    }
  }

  /** An answer is no worse for that not being kept. */
  private void first(RepoId repo, String hubId) {
    try {
      holders.first(repo, hubId);
    } catch (CatalogException e) {
      LOG.atWarn().addKeyValue("repo", repo).log("whose it is, is not kept: {}", e.explanation());
    }
  }

  private void changed(RepoId repo, String was, String now, Optional<Commit> present) {
    holders.change(repo, now, former(repo, present));
    publishing.forgetContents(repo);
    documents.forget(repo);
    asking.changedHands(repo);
    LOG.atWarn()
        .addKeyValue("event", "repo.identity_changed")
        .addKeyValue("repo", repo)
        .addKeyValue("was", was)
        .addKeyValue("is", now)
        .log("repo identity changed");
  }

  /** None of a repo that not everybody might see: nobody else is told that it was here. */
  private Set<Commit> former(RepoId repo, Optional<Commit> present) {
    if (!asking.mayAppear(repo)) {
      return Set.of();
    }
    Set<Commit> all = new HashSet<>(catalog.commits(repo));
    tree.inspect(repo).stream()
        .flatMap(found -> found.snapshots().stream())
        .map(HubTree.FoundSnapshot::commit)
        .forEach(all::add);
    present.ifPresent(all::remove);
    return all;
  }
}
