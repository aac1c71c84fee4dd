package dev.larder.upkeep;

import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What must stay in a store and what had to go: here, or asked of the server that owns the store.
 * Everything blocks. A pin holds for the next eviction.
 */
public interface Budget {
  /**
   * Pins a repo or a revision of it, whether it is here yet or not. Again with the same owner: with
   * another end and note. Throws {@link PinException.TooMuch} when pins would keep more than 80 %
   * of the budget.
   */
  Pin pin(Wish wish);

  /** By repo, then revision, then owner. What is over is not among them. */
  List<Pin> pins();

  /** Answers what was taken away. Throws {@link PinException.NoSuchPin}. */
  Pin unpin(RepoId repo, Optional<Revision> revision, String owner);

  /** What was evicted at or after {@code since}, the newest first; ten thousand are remembered. */
  List<Evicted> evictions(Instant since);

  /** A pin to be made; without a lifetime it holds until it is taken away. */
  record Wish(
      RepoId repo,
      Optional<Revision> revision,
      String owner,
      Optional<Duration> lifetime,
      String note) {
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");
    private static final int LONGEST_NOTE = 200;

    public Wish {
      if (!OWNER.matcher(owner).matches()) {
        throw new InvalidName(
            "owner",
            owner,
            "use 1 to 64 letters, digits, '.', '_', '@', '+' and '-', the first a letter or digit");
      }
      if (note.length() > LONGEST_NOTE || note.chars().anyMatch(Character::isISOControl)) {
        throw new InvalidName("note", note, "use one line of at most 200 characters");
      }
      lifetime.filter(time -> !time.isPositive()).ifPresent(Wish::tooShort);
    }

    private static void tooShort(Duration lifetime) {
      throw new InvalidName("lifetime", lifetime.toSeconds() + "s", "it is already over");
    }
  }

  /** Somebody wants this to stay. {@code sizeBytes}: what it keeps of what is here now. */
  record Pin(
      RepoId repo,
      Optional<Revision> revision,
      String owner,
      Instant createdAt,
      Optional<Instant> expiresAt,
      String note,
      long sizeBytes) {
    /** As {@code org/name@revision}. */
    public String target() {
      return repo + revision.map(at -> "@" + at).orElse("");
    }
  }

  /**
   * One blob that went. {@code repo}: one that had it, if any was known; each has a record of its
   * own. {@code roomFor}: what wanted the space.
   */
  record Evicted(
      Instant at,
      String digest,
      Optional<RepoId> repo,
      List<String> paths,
      long sizeBytes,
      String reason,
      String roomFor) {}
}
