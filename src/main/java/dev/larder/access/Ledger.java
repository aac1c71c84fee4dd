package dev.larder.access;

import dev.larder.catalog.AccountRows.AccountRow;
import dev.larder.catalog.AccountRows.GrantRow;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Accounts and grants as they were at one moment. A change makes another one, so that who reads it
 * never sees half of a change.
 */
final class Ledger {
  private final Map<String, AccountRow> byHash = new HashMap<>();
  private final Map<String, AccountRow> byId = new HashMap<>();
  private final Map<String, List<Predicate<RepoId>>> byGroup = new HashMap<>();

  Ledger(Collection<AccountRow> accounts, Collection<GrantRow> grants) {
    for (AccountRow account : accounts) {
      byHash.put(account.tokenHash(), account);
      byId.put(account.id(), account);
    }
    for (GrantRow grant : grants) {
      try {
        byGroup
            .computeIfAbsent(grant.group(), _ -> new ArrayList<>())
            .add(RepoPattern.parse(grant.pattern()).matcher());
      } catch (InvalidName e) {
        LoggerFactory.getLogger(Ledger.class)
            .atWarn()
            .log("a grant in the catalog is none: {}", e.explanation());
      }
    }
  }

  @Nullable AccountRow ofToken(String hash) {
    return byHash.get(hash);
  }

  Optional<String> nameOf(String id) {
    return Optional.ofNullable(byId.get(id)).map(AccountRow::name);
  }

  /** What of {@code principal}'s groups may read {@code repo}; false for an account that ended. */
  boolean granted(Principal principal, RepoId repo, Instant now) {
    if (groupMay(Tokens.EVERYONE, repo)) {
      return true;
    }
    return switch (principal) {
      case Principal.Admin _ -> true;
      case Principal.Account(String id) -> {
        AccountRow account = byId.get(id);
        yield account != null && isLive(account, now) && anyMay(account.groups(), repo);
      }
      case Principal.Anonymous _, Principal.Upstream _ -> false;
    };
  }

  private boolean anyMay(Set<String> groups, RepoId repo) {
    return groups.stream().anyMatch(group -> groupMay(group, repo));
  }

  boolean groupMay(String group, RepoId repo) {
    return byGroup.getOrDefault(group, List.of()).stream().anyMatch(means -> means.test(repo));
  }

  static boolean isLive(AccountRow account, Instant now) {
    return account.expiresAt().map(now::isBefore).orElse(true);
  }
}
