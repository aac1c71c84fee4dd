package dev.larder.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rows about who may read what. Blocking; safe for concurrent use; as {@link Catalog}. */
public interface AccountRows {
  /** By name. */
  List<AccountRow> accounts();

  /** A new one, or another form of one with the same id: its groups are replaced, not added to. */
  void putAccount(AccountRow row);

  void forgetAccount(String id);

  /** Notes the day of {@code at} (in UTC); an earlier one does not replace a later one. */
  void used(String accountId, Instant at);

  /** By group, then pattern. */
  List<GrantRow> grants();

  /** One change: {@code gone} are taken away, then {@code added}; one that is there stays. */
  void changeGrants(Collection<GrantRow> gone, Collection<GrantRow> added);

  /**
   * An account. {@code tokenHash} is unique, and so is the name. {@code usedOn}: the beginning of
   * the day of its last use.
   */
  record AccountRow(
      String id,
      String name,
      String tokenHash,
      Set<String> groups,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> usedOn) {
    public AccountRow {
      groups = Set.copyOf(groups);
    }
  }

  /** What a group may read. When one is taken away, {@code grantedAt} does not matter. */
  record GrantRow(String group, String pattern, Instant grantedAt) {}
}
