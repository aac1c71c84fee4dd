package dev.larder.cli;

import dev.larder.access.Tokens;
import java.util.ArrayList;
import java.util.List;

/** Answers with what a test put here, and remembers what was asked. */
final class FakeTokens implements Tokens {
  final List<Object> asked = new ArrayList<>();
  final List<Account> accounts = new ArrayList<>();
  final List<Grant> grants = new ArrayList<>();

  @Override
  public Issued create(Wish wish) {
    asked.add(wish);
    return new Issued(accounts.getFirst(), "hf_larderTheToken");
  }

  @Override
  public List<Account> list() {
    return accounts;
  }

  @Override
  public Account revoke(String nameOrId) {
    asked.add(nameOrId);
    return accounts.getFirst();
  }

  @Override
  public List<Grant> grants() {
    return grants;
  }

  @Override
  public void change(GrantChange change) {
    asked.add(change);
  }
}
