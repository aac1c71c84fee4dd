package dev.larder.catalog;

import dev.larder.content.RepoId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What was read of repos' folders. */
final class ScanTable implements ScanRows {
  private static final String WHAT = "what folders held";

  private final Sql sql;

  ScanTable(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Map<RepoId, byte[]> all() {
    Map<RepoId, byte[]> bodies = new HashMap<>();
    return sql.read(
        WHAT,
        handle -> {
          handle
              .createQuery("SELECT repo, body FROM scan")
              .map((rs, _) -> bodies.put(RepoId.ofFolder(rs.getString(1)), rs.getBytes(2)))
              .forEach(_ -> {});
          return bodies;
        });
  }

  @Override
  public void put(Map<RepoId, byte[]> bodies) {
    sql.batch(
        WHAT,
        bodies.entrySet(),
        """
        INSERT INTO scan (repo, body) VALUES (:repo, :body)
        ON CONFLICT (repo) DO UPDATE SET body = excluded.body
        """,
        (batch, each) -> batch.bind("repo", each.getKey().folder()).bind("body", each.getValue()));
  }

  @Override
  public void forget(Collection<RepoId> repos) {
    sql.batch(
        WHAT,
        repos,
        "DELETE FROM scan WHERE repo = :repo",
        (batch, repo) -> batch.bind("repo", repo.folder()));
  }
}
