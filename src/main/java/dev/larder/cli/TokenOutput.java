package dev.larder.cli;

import dev.larder.access.Tokens.Account;
import dev.larder.access.Tokens.Grant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts and grants as text and as JSON. Days are in UTC. */
final class TokenOutput {
  private TokenOutput() {}

  static List<String> accountLines(List<Account> accounts, Instant now) {
    TextTable table = new TextTable("NAME", "ID", "GROUPS", "CREATED", "EXPIRES", "LAST USED");
    for (Account account : accounts) {
      boolean over = account.expiresAt().filter(end -> !now.isBefore(end)).isPresent();
      table.row(
          account.name(),
          account.id(),
          account.groups().isEmpty() ? "–" : String.join(",", account.groups()),
          Ages.day(Optional.of(account.createdAt())),
          Ages.day(account.expiresAt()) + (over ? " (over)" : ""),
          Ages.day(account.usedOn()));
    }
    return table.lines();
  }

  static List<String> grantLines(List<Grant> grants) {
    TextTable table = new TextTable("GROUP", "REPOS", "SINCE");
    grants.forEach(
        grant ->
            table.row(grant.group(), grant.pattern(), Ages.day(Optional.of(grant.grantedAt()))));
    return table.lines();
  }

  static Map<String, @Nullable Object> json(Account account) {
    return Json.object(
        "name", account.name(),
        "id", account.id(),
        "groups", account.groups(),
        "created_at", account.createdAt(),
        "expires_at", account.expiresAt(),
        "last_used", account.usedOn());
  }

  static Map<String, @Nullable Object> json(Grant grant) {
    return Json.object(
        "group", grant.group(), "pattern", grant.pattern(), "granted_at", grant.grantedAt());
  }
}
