package dev.larder.access;

import dev.larder.catalog.AccountRows;
import dev.larder.catalog.AccountRows.AccountRow;
import dev.larder.catalog.AccountRows.GrantRow;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts and grants, written in the catalog and held in memory: this process owns the store, so
 * nobody else changes them. Reading takes no lock and asks no database; changes stand in a queue.
 */
final class AccountBook implements Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(AccountBook.class);

  private final AccountRows rows;
  private final InstallKey key;
  private final InstantSource clock;
  private final Map<String, Instant> unwritten = new ConcurrentHashMap<>();
  private final Map<String, Instant> usedOn = new ConcurrentHashMap<>();
  private volatile Ledger ledger;

  AccountBook(AccountRows rows, InstallKey key, InstantSource clock) {
    this.rows = rows;
    this.key = key;
    this.clock = clock;
    this.ledger = new Ledger(rows.accounts(), rows.grants());
  }

  Ledger ledger() {
    return ledger;
  }

  /** Noted in memory; {@link #flush} writes it down. */
  void used(String id) {
    Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    if (!today.equals(usedOn.put(id, today))) {
      unwritten.put(id, today);
    }
  }

  /** Writes down who came; blocks. What could not be written waits for the next time. */
  void flush() {
    unwritten.forEach(
        (id, day) -> {
          rows.used(id, day);
          unwritten.remove(id, day);
        });
  }

  @Override
  public synchronized Issued create(Wish wish) {
    key.requireKept();
    if (rows.accounts().stream().anyMatch(row -> row.name().equals(wish.name()))) {
      throw new AccessException.TokenExists(wish.name());
    }
    String token = LocalToken.make();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    AccountRow row =
        new AccountRow(
            LocalToken.newId(),
            wish.name(),
            key.hash(token),
            wish.groups(),
            now,
            wish.lifetime().map(now::plus),
            Optional.empty());
    rows.putAccount(row);
    reread();
    LOG.atInfo().addKeyValue("account", row.id()).addKeyValue("name", row.name()).log("token made");
    return new Issued(account(row), token);
  }

  @Override
  public List<Account> list() {
    flush();
    return rows.accounts().stream().map(AccountBook::account).toList();
  }

  @Override
  public synchronized Account revoke(String nameOrId) {
    List<AccountRow> all = rows.accounts();
    AccountRow row =
        all.stream()
            .filter(each -> each.name().equals(nameOrId))
            .findFirst()
            .or(() -> all.stream().filter(each -> each.id().equals(nameOrId)).findFirst())
            .orElseThrow(() -> new AccessException.NoSuchToken(nameOrId));
    rows.forgetAccount(row.id());
    reread();
    unwritten.remove(row.id());
    usedOn.remove(row.id());
    LOG.atInfo()
        .addKeyValue("account", row.id())
        .addKeyValue("name", row.name())
        .log("token revoked");
    return account(row);
  }

  @Override
  public List<Grant> grants() {
    return rows.grants().stream()
        .map(row -> new Grant(row.group(), row.pattern(), row.grantedAt()))
        .toList();
  }

  @Override
  public synchronized void change(GrantChange change) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    List<GrantRow> present = rows.grants();
    for (RepoPattern pattern : change.taken()) {
      if (present.stream().noneMatch(row -> isOf(row, change.group(), pattern))) {
        throw new AccessException.NoSuchGrant(change.group(), pattern);
      }
    }
    rows.changeGrants(
        grantRows(change.group(), change.taken(), now),
        grantRows(change.group(), change.given(), now));
    reread();
    LOG.atInfo()
        .addKeyValue("group", change.group())
        .addKeyValue("given", change.given())
        .addKeyValue("taken", change.taken())
        .log("grants changed");
  }

  private static boolean isOf(GrantRow row, String group, RepoPattern pattern) {
    return row.group().equals(group) && row.pattern().equals(pattern.toString());
  }

  private static List<GrantRow> grantRows(String group, List<RepoPattern> patterns, Instant now) {
    return patterns.stream().map(each -> new GrantRow(group, each.toString(), now)).toList();
  }

  private void reread() {
    ledger = new Ledger(rows.accounts(), rows.grants());
  }

  private static Account account(AccountRow row) {
    return new Account(
        row.id(),
        row.name(),
        row.groups().stream().sorted().toList(),
        row.createdAt(),
        row.expiresAt(),
        row.usedOn());
  }
}
