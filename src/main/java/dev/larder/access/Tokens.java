package dev.larder.access;

import dev.larder.content.InvalidName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who has a token of this Larder, and what groups may read: here, or asked of the server that owns
 * the store. Everything blocks and throws {@link AccessException}. A change holds for the next
 * request.
 */
public interface Tokens {
  /** The group that every caller is in, anonymous ones too. */
  String EVERYONE = "everyone";

  /** Makes a token and shows it, once. */
  Issued create(Wish wish);

  /** By name. */
  List<Account> list();

  /** By name, else by id. Answers what was revoked. */
  Account revoke(String nameOrId);

  /** By group, then pattern. */
  List<Grant> grants();

  /** One change: what is taken away must be there, what is given may be. */
  void change(GrantChange change);

  /**
   * A token to be made. {@code groups} replace whatever an earlier token of that name had; without
   * a lifetime it is good until it is revoked.
   */
  record Wish(String name, Set<String> groups, Optional<Duration> lifetime) {
    public Wish {
      GivenName.check("token name", name);
      groups = Set.copyOf(groups);
      groups.forEach(group -> GivenName.check("group", group));
      if (groups.contains(EVERYONE)) {
        throw new InvalidName("group", EVERYONE, "every caller is in it already");
      }
      lifetime.filter(time -> !time.isPositive()).ifPresent(Wish::tooShort);
    }

    private static void tooShort(Duration lifetime) {
      throw new InvalidName("lifetime", lifetime.toSeconds() + "s", "it is already over");
    }
  }

  /** Who has a token. {@code usedOn}: the beginning of the day of its last use, in UTC. */
  record Account(
      String id,
      String name,
      List<String> groups,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> usedOn) {}

  /** A token and the only sight of it. */
  record Issued(Account account, String token) {
    @Override
    public String toString() {
      return "Issued[" + account.name() + "]";
    }
  }

  /** What a group may read. */
  record Grant(String group, String pattern, Instant grantedAt) {}

  /** What a group may read from now on, or no longer. */
  record GrantChange(String group, List<RepoPattern> given, List<RepoPattern> taken) {
    public GrantChange {
      GivenName.check("group", group);
      given = List.copyOf(given);
      taken = List.copyOf(taken);
    }
  }
}
