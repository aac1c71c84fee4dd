package dev.larder.upkeep;

import dev.larder.access.Tokens;
import dev.larder.access.Tokens.Account;
import java.util.Map;
import java.util.stream.Collectors;

/** Names of callers, for whoever runs the Larder. {@code accounts}: by id. */
record Callers(Map<String, String> accounts) {
  private static final String ACCOUNT = "account-";

  static Callers of(Tokens tokens) {
    return new Callers(
        tokens.list().stream().collect(Collectors.toMap(Account::id, Account::name, (a, _) -> a)));
  }

  /**
   * An account's name; of everybody else, and of an account that is gone, what was written down.
   */
  String name(String caller) {
    return caller.startsWith(ACCOUNT)
        ? accounts.getOrDefault(caller.substring(ACCOUNT.length()), caller)
        : caller;
  }
}
