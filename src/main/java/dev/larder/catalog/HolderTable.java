package dev.larder.catalog;

import dev.larder.catalog.Catalog.Holder;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Whose a repo's name is at the hub, and the commits of a repo that had it before. */
final class HolderTable {
  private final Sql sql;

  HolderTable(Sql sql) {
    this.sql = sql;
  }

  Holder of(RepoId repo) {
    return sql.read(
        "the holder of " + repo,
        handle ->
            new Holder(
                handle
                    .createQuery("SELECT hub_id FROM repo WHERE repo = :repo")
                    .bind("repo", repo.folder())
                    .map((rs, _) -> Optional.ofNullable(rs.getString(1)))
                    .findOne()
                    .flatMap(id -> id),
                Set.copyOf(commits(handle, "former_commit", repo))));
  }

  /** Nothing where no row is of that repo. */
  void put(RepoId repo, String hubId) {
    sql.write("the holder of " + repo, handle -> put(handle, repo, hubId));
  }

  private static void put(Handle handle, RepoId repo, String hubId) {
    handle
        .createUpdate("UPDATE repo SET hub_id = :id WHERE repo = :repo")
        .bind("id", hubId)
        .bind("repo", repo.folder())
        .execute();
  }

  /** Commits that something is written down of. */
  Set<Commit> commits(RepoId repo) {
    return sql.read(
        "the commits of " + repo,
        handle -> {
          Set<Commit> all = new LinkedHashSet<>(commits(handle, "entry", repo));
          all.addAll(commits(handle, "ref", repo));
          return all;
        });
  }

  void change(RepoId repo, String hubId, Set<Commit> former) {
    sql.write(
        "the new holder of " + repo,
        handle -> {
          note(handle, repo, former);
          EntryTable.forget(handle, repo);
          put(handle, repo, hubId);
        });
  }

  private static void note(Handle handle, RepoId repo, Set<Commit> former) {
    if (former.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO former_commit (repo, commit_id) VALUES (:repo, :commit)
            ON CONFLICT (repo, commit_id) DO NOTHING
            """);
    former.forEach(commit -> batch.bind("repo", repo.folder()).bind("commit", commit.hex()).add());
    int[] _ = batch.execute();
  }

  private static Set<Commit> commits(Handle handle, String table, RepoId repo) {
    return handle
        .createQuery("SELECT DISTINCT commit_id FROM " + table + " WHERE repo = :repo")
        .bind("repo", repo.folder())
        .map((rs, _) -> new Commit(rs.getString(1)))
        .set();
  }

  void forgetFormer(RepoId repo, Commit commit) {
    sql.write(
        "commit %s of %s".formatted(commit, repo),
        handle ->
            handle
                .createUpdate(
                    "DELETE FROM former_commit WHERE repo = :repo AND commit_id = :commit")
                .bind("repo", repo.folder())
                .bind("commit", commit.hex())
                .execute());
  }
}
