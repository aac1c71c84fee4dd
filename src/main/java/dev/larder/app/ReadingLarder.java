package dev.larder.app;

import dev.larder.access.Tokens;
import dev.larder.cli.Larder;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.models.Models;
import dev.larder.provision.Archives;
import dev.larder.store.StoreException.StoreReadOnly;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A larder that may be looked at: what would write is refused with the reason. */
record ReadingLarder(Larder larder, StoreReadOnly reason) implements Larder {
  @Override
  public PullResult pull(PullRequest request, PullListener listener) {
    throw reason;
  }

  @Override
  public List<RepoListing> list(ListRequest request) {
    return larder.list(request);
  }

  @Override
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    if (request.repair()) {
      throw reason;
    }
    return larder.verify(request, listener);
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    return larder.stats(since);
  }

  @Override
  public Removals removals() {
    return larder.removals(); // Each location has its own reason.
  }

  @Override
  public WhyReport why(WhyRequest request) {
    return larder.why(request);
  }

  @Override
  public Tokens tokens() {
    Tokens tokens = larder.tokens();
    return new Tokens() {
      @Override
      public Issued create(Wish wish) {
        throw reason;
      }

      @Override
      public List<Account> list() {
        return tokens.list();
      }

      @Override
      public Account revoke(String nameOrId) {
        throw reason;
      }

      @Override
      public List<Grant> grants() {
        return tokens.grants();
      }

      @Override
      public void change(GrantChange change) {
        throw reason;
      }
    };
  }

  @Override
  public Archives archives() {
    Archives archives = larder.archives();
    return new Archives() {
      @Override
      public BackupReport backup(BackupRequest request, Follower follower) {
        return archives.backup(request, follower);
      }

      @Override
      public RestoreReport restore(RestoreRequest request, Follower follower) {
        throw reason;
      }

      @Override
      public ImportReport take(ImportRequest request, Follower follower) {
        throw reason;
      }

      @Override
      public ExportReport export(ExportRequest request, Follower follower) {
        return archives.export(request, follower);
      }
    };
  }

  @Override
  public Budget budget() {
    return new ReadingBudget(larder.budget(), reason);
  }

  @Override
  public Models models() {
    return new ReadingModels(larder.models(), reason);
  }

  @Override
  public void close() {
    larder.close();
  }
}
