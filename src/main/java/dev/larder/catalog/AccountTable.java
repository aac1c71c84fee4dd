package dev.larder.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Accounts, their groups, and what groups may read. */
final class AccountTable implements AccountRows {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Sql sql;

  AccountTable(Sql sql) {
    this.sql = sql;
  }

  @Override
  public List<AccountRow> accounts() {
    return sql.read(
        "the accounts",
        handle -> {
          Map<String, Set<String>> groups = memberships(handle);
          return handle
              .createQuery(
                  """
                  SELECT id, name, token_hash, created_at, expires_at, used_day
                  FROM account ORDER BY name
                  """)
              .map((rs, _) -> row(rs, groups))
              .list();
        });
  }

  private static Map<String, Set<String>> memberships(Handle handle) {
    Map<String, Set<String>> groups = new HashMap<>();
    handle
        .createQuery("SELECT account, group_name FROM membership")
        .map((rs, _) -> Map.entry(rs.getString(1), rs.getString(2)))
        .forEach(
            of -> groups.computeIfAbsent(of.getKey(), _ -> new HashSet<>()).add(of.getValue()));
    return groups;
  }

  private static AccountRow row(ResultSet rs, Map<String, Set<String>> groups) throws SQLException {
    String id = rs.getString(1);
    Instant created = Instant.ofEpochMilli(rs.getLong(4));
    Optional<Instant> expires = number(rs, 5).map(Instant::ofEpochMilli);
    Optional<Instant> used = number(rs, 6).map(day -> Instant.ofEpochMilli(day * DAY_MILLIS));
    return new AccountRow(
        id,
        rs.getString(2),
        rs.getString(3),
        groups.getOrDefault(id, Set.of()),
        created,
        expires,
        used);
  }

  private static Optional<Long> number(ResultSet rs, int column) throws SQLException {
    long number = rs.getLong(column);
    return rs.wasNull() ? Optional.empty() : Optional.of(number);
  }

  @Override
  public void putAccount(AccountRow row) {
    sql.write(
        "account " + row.name(),
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO account (id, name, token_hash, created_at, expires_at, used_day)
                  VALUES (:id, :name, :hash, :created, :expires, :used)
                  ON CONFLICT (id) DO UPDATE SET
                    name = excluded.name, token_hash = excluded.token_hash,
                    created_at = excluded.created_at, expires_at = excluded.expires_at,
                    used_day = excluded.used_day
                  """)
              .bind("id", row.id())
              .bind("name", row.name())
              .bind("hash", row.tokenHash())
              .bind("created", Sql.millis(row.createdAt()))
              .bind("expires", millis(row.expiresAt()))
              .bind("used", row.usedOn().map(AccountTable::day).orElse(null))
              .execute();
          leaveGroups(handle, row.id());
          for (String group : row.groups()) {
            handle
                .createUpdate("INSERT INTO membership (account, group_name) VALUES (:id, :group)")
                .bind("id", row.id())
                .bind("group", group)
                .execute();
          }
        });
  }

  private static @Nullable Long millis(Optional<Instant> time) {
    return time.map(Sql::millis).orElse(null);
  }

  private static void leaveGroups(Handle handle, String id) {
    handle.createUpdate("DELETE FROM membership WHERE account = :id").bind("id", id).execute();
  }

  @Override
  public void forgetAccount(String id) {
    sql.write(
        "the end of account " + id,
        handle -> {
          leaveGroups(handle, id);
          handle.createUpdate("DELETE FROM account WHERE id = :id").bind("id", id).execute();
        });
  }

  @Override
  public void used(String accountId, Instant at) {
    sql.write(
        "the use of account " + accountId,
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE account SET used_day = :day
                    WHERE id = :id AND (used_day IS NULL OR used_day < :day)
                    """)
                .bind("id", accountId)
                .bind("day", day(at))
                .execute());
  }

  private static long day(Instant time) {
    return Math.floorDiv(Sql.millis(time), DAY_MILLIS);
  }

  @Override
  public List<GrantRow> grants() {
    return sql.read(
        "the grants",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT group_name, pattern, granted_at FROM repo_grant
                    ORDER BY group_name, pattern
                    """)
                .map(
                    (rs, _) ->
                        new GrantRow(
                            rs.getString(1), rs.getString(2), Instant.ofEpochMilli(rs.getLong(3))))
                .list());
  }

  @Override
  public void changeGrants(Collection<GrantRow> gone, Collection<GrantRow> added) {
    sql.write(
        "grants",
        handle -> {
          for (GrantRow grant : gone) {
            handle
                .createUpdate(
                    "DELETE FROM repo_grant WHERE group_name = :group AND pattern = :pattern")
                .bind("group", grant.group())
                .bind("pattern", grant.pattern())
                .execute();
          }
          for (GrantRow grant : added) {
            handle
                .createUpdate(
                    """
                    INSERT INTO repo_grant (group_name, pattern, granted_at)
                    VALUES (:group, :pattern, :at) ON CONFLICT (group_name, pattern) DO NOTHING
                    """)
                .bind("group", grant.group())
                .bind("pattern", grant.pattern())
                .bind("at", Sql.millis(grant.grantedAt()))
                .execute();
          }
        });
  }
}
