package dev.larder.cli;

import dev.larder.access.Tokens;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.models.Models;
import dev.larder.provision.Archives;
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

/** An opened larder, here or in a server. Everything blocks. For one thread. */
public interface Larder extends AutoCloseable {
  /** Returns when every selected file is here and verified. */
  PullResult pull(PullRequest request, PullListener listener);

  /** Every cached repo, with its files. */
  default List<RepoListing> list() {
    return list(ListRequest.ALL);
  }

  /** Every cached repo. */
  List<RepoListing> list(ListRequest request);

  VerifyReport verify(VerifyRequest request, VerifyListener listener);

  /** Traffic since {@code since}, or all there is a record of. */
  StatsReport stats(Optional<Instant> since);

  /** Removing of what is cached. Valid while this is open. */
  Removals removals();

  /** Why something is, or is not, here. */
  WhyReport why(WhyRequest request);

  /** Who has a token, and what groups may read. Valid while this is open. */
  Tokens tokens();

  /** Archives, imports and exports. Valid while this is open. */
  Archives archives();

  /** What must stay, and what had to go. Valid while this is open. */
  Budget budget();

  /**
   * The registry of models. Valid while this is open. In whose name something is brought here is
   * who opened this, whatever caller is given.
   */
  Models models();

  @Override
  void close();
}
