package dev.larder.cli;

import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An opened larder, here or in a server. Everything blocks. For one thread. */
public interface Larder extends AutoCloseable {
  /** Returns when every selected file is here and verified. */
  PullResult pull(PullRequest request, PullListener listener);

  /** Every cached repo, with its files. */
  List<RepoListing> list();

  VerifyReport verify(VerifyRequest request, VerifyListener listener);

  /** Traffic since {@code since}, or all there is a record of. */
  StatsReport stats(Optional<Instant> since);

  @Override
  void close();
}
