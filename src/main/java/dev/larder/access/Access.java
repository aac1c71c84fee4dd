package dev.larder.access;

import dev.larder.catalog.AccountRows.AccountRow;
import dev.larder.catalog.Catalog;
import dev.larder.content.Disk;
import dev.larder.content.RepoId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks and what is known of their rights. Nothing here goes to the hub; what the hub said
 * is told to it. Everything but {@link #flush} and {@link #tokens} is answered from memory. Safe
 * for concurrent use.
 */
public final class Access implements Identities {
  private static final long DECISIONS = 100_000;
  private static final int FINGERPRINT = 32;

  /** Wrong tokens a minute and address, where nothing but the admin token is right. */
  private static final int WRONG_ADMINS = 5;

  /** The same where tokens of the upstream are right too, and expire. */
  private static final int UNKNOWN_TOKENS = 20;

  private final InstallKey key;
  private final AccountBook book;
  private final Decisions decisions;
  private final Guesses guesses;
  private final Guesses unknown;
  private final InstantSource clock;
  private final @Nullable String adminHash;

  /** A token that nobody has, to be shown in the place of the admin's. */
  private final String decoy = "hf_" + UUID.randomUUID().toString().replace("-", "");

  /**
   * {@code ttl}: how long an allowing answer of the hub is believed. {@code adminToken}: who has it
   * may read everything and change everything.
   */
  public record Terms(Duration ttl, Optional<String> adminToken) {
    @Override
    public String toString() {
      return "Terms[" + ttl + "]";
    }
  }

  private Access(InstallKey key, Catalog catalog, Terms terms, InstantSource clock) {
    this.key = key;
    this.clock = clock;
    this.book = new AccountBook(catalog.access(), key, clock);
    this.decisions = new Decisions(terms.ttl(), DECISIONS, clock);
    this.guesses = new Guesses(WRONG_ADMINS, clock);
    this.unknown = new Guesses(UNKNOWN_TOKENS, clock);
    this.adminHash = terms.adminToken().map(key::hash).orElse(null);
  }

  /** {@code directory} holds the key that tokens are hashed with, or will. */
  public static Access open(
      Path directory, Disk disk, Catalog catalog, Terms terms, InstantSource clock) {
    return new Access(InstallKey.open(directory, disk), catalog, terms, clock);
  }

  /** For a root that cannot be written: with a key that ends with the process. */
  public static Access openToRead(
      Path directory, Catalog catalog, Terms terms, InstantSource clock) {
    return new Access(InstallKey.passing(directory), catalog, terms, clock);
  }

  /** Accounts and grants, to be looked at and changed. */
  public Tokens tokens() {
    return book;
  }

  /**
   * Whose token it is; empty when it looks like one of this Larder and is none, or no longer. A
   * token that nobody here knows is one of the upstream.
   */
  public Optional<Principal> identify(String token) {
    String hash = key.hash(token);
    if (isAdmin(hash)) {
      return Optional.of(new Principal.Admin());
    }
    AccountRow account = book.ledger().ofToken(hash);
    if (account != null && Ledger.isLive(account, clock.instant())) {
      book.used(account.id());
      return Optional.of(new Principal.Account(account.id()));
    }
    return account != null || LocalToken.looksLike(token)
        ? Optional.empty()
        : Optional.of(new Principal.Upstream(hash.substring(0, FINGERPRINT)));
  }

  @Override
  public Optional<Shown> identify(String token, String address) {
    Optional<Principal> principal = identify(token);
    boolean hidden =
        principal.filter(Principal.Admin.class::isInstance).isPresent() && unknown.tooMany(address);
    // What becomes of the decoy is what becomes of every wrong token, and takes as long.
    return hidden
        ? identify(decoy).map(nobody -> new Shown(nobody, decoy))
        : principal.map(known -> new Shown(known, token));
  }

  @Override
  public boolean unknown(Principal principal, String address) {
    if (adminHash == null || !(principal instanceof Principal.Upstream(String fingerprint))) {
      return false;
    }
    boolean tooMany = unknown.tooMany(address);
    unknown.wrongOnce(address, fingerprint);
    return tooMany;
  }

  private boolean isAdmin(String hash) {
    return adminHash != null
        && MessageDigest.isEqual(
            hash.getBytes(StandardCharsets.US_ASCII),
            adminHash.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * What the account is called, or the admin; empty for everybody else, and for an account that is
   * gone.
   */
  public Optional<String> nameOf(Principal principal) {
    return switch (principal) {
      case Principal.Admin _ -> Optional.of("admin");
      case Principal.Account(String id) -> book.ledger().nameOf(id);
      case Principal.Anonymous _, Principal.Upstream _ -> Optional.empty();
    };
  }

  /** Whether there is an admin token at all. */
  public boolean hasAdmin() {
    return adminHash != null;
  }

  /**
   * Throws unless {@code token} is the admin token. {@code address} is where it came from: wrong
   * ones from there are counted, and too many of them stop all for a while.
   */
  public void requireAdmin(String token, String address) {
    if (guesses.tooMany(address)) {
      throw new AccessException.TooManyGuesses();
    }
    if (!isAdmin(key.hash(token))) {
      guesses.wrong(address, token);
      throw new AccessException.BadCredentials();
    }
  }

  /** Whether a grant of this Larder lets {@code principal} read {@code repo}. */
  public boolean granted(Principal principal, RepoId repo) {
    return book.ledger().granted(principal, repo, clock.instant());
  }

  /** Whether every caller may read {@code repo} by a grant. */
  public boolean grantedToEveryone(RepoId repo) {
    return book.ledger().groupMay(Tokens.EVERYONE, repo);
  }

  /** What the hub said to {@code principal} lately; null when it is to be asked. */
  public @Nullable Verdict verdict(Principal principal, RepoId repo) {
    return decisions.find(principal, repo);
  }

  /** The same however long ago it was; for when the hub cannot be asked. */
  public @Nullable Verdict lastVerdict(Principal principal, RepoId repo) {
    return decisions.last(principal, repo);
  }

  /** Notes what the hub said. {@code asked}: when the question went out. */
  public void note(Principal principal, RepoId repo, Verdict verdict, Instant asked) {
    decisions.note(principal, repo, verdict, asked);
  }

  /** Forgets all that the hub said about {@code repo}. */
  public void forget(RepoId repo) {
    decisions.forget(repo);
  }

  /** Writes down when accounts were last used. Blocks; call it every few seconds and at the end. */
  public void flush() {
    book.flush();
  }
}
