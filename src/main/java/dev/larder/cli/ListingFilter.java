package dev.larder.cli;

import dev.larder.content.InvalidName;
import dev.larder.content.Sizes;
import dev.larder.upkeep.RepoListing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * One {@code key op value} of {@code ls --filter}, with the meaning that {@code hf cache ls} gives
 * it: times are compared by how long ago they are, and what has no time matches none.
 */
record ListingFilter(String text, BiPredicate<RepoListing, Instant> predicate) {
  private static final Pattern FORM =
      Pattern.compile("\\s*(\\w+)\\s*(!=|>=|<=|=|>|<)\\s*([^=].*?)\\s*");

  boolean keeps(RepoListing repo, Instant now) {
    return predicate.test(repo, now);
  }

  /** Throws {@link UsageException} when the text is no filter. */
  static ListingFilter parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new UsageException(
          "'%s' is not a filter; write it like 'size>1GB' or 'accessed>7d'.".formatted(text));
    }
    String op = match.group(2);
    String value = match.group(3);
    return switch (match.group(1)) {
      case "size" -> {
        long bytes = size(value);
        yield new ListingFilter(
            text, (repo, _) -> holds(Long.compare(repo.sizeBytes(), bytes), op));
      }
      case "accessed" -> {
        Duration age = Ages.parse(value);
        yield new ListingFilter(text, (repo, now) -> older(repo.lastUsed(), now, op, age));
      }
      case "modified" -> {
        Duration age = Ages.parse(value);
        yield new ListingFilter(text, (repo, now) -> older(repo.lastModified(), now, op, age));
      }
      case "refs" -> equal(text, op, (repo, _) -> hasRef(repo, value));
      case "location" -> equal(text, op, (repo, _) -> repo.location().equals(value));
      case "type" -> equal(text, op, (repo, _) -> repo.repo().kind().word().equals(value));
      case "source" -> equal(text, op, (repo, _) -> repo.source().equals(value));
      case "state" -> {
        RepoListing.State state = state(value);
        yield equal(text, op, (repo, _) -> repo.state() == state);
      }
      case "pinned" -> {
        boolean pinned = yes(value);
        yield equal(text, op, (repo, _) -> repo.pinned() == pinned);
      }
      default ->
          throw new UsageException(
              "'%s' is not a key to filter by; there are accessed, location, modified, pinned, refs, size, source, state, type."
                  .formatted(match.group(1)));
    };
  }

  private static ListingFilter equal(
      String text, String op, BiPredicate<RepoListing, Instant> predicate) {
    if (!op.equals("=")) {
      throw new UsageException(
          "'%s': only accessed, modified and size are compared otherwise than with '='."
              .formatted(text));
    }
    return new ListingFilter(text, predicate);
  }

  private static RepoListing.State state(String text) {
    for (RepoListing.State state : RepoListing.State.values()) {
      if (state.name().equalsIgnoreCase(text)) {
        return state;
      }
    }
    throw new UsageException(
        "'%s' is not a state; there are complete, partial, unknown, damaged.".formatted(text));
  }

  private static boolean yes(String text) {
    return switch (text) {
      case "yes", "true" -> true;
      case "no", "false" -> false;
      default -> throw new UsageException("'%s' is neither yes nor no.".formatted(text));
    };
  }

  private static boolean hasRef(RepoListing repo, String name) {
    return repo.refs().stream().anyMatch(ref -> ref.revision().name().equals(name));
  }

  private static boolean older(Optional<Instant> time, Instant now, String op, Duration age) {
    return time.isPresent() && holds(Duration.between(time.get(), now).compareTo(age), op);
  }

  private static boolean holds(int comparison, String op) {
    return switch (op) {
      case "=" -> comparison == 0;
      case "!=" -> comparison != 0;
      case ">" -> comparison > 0;
      case "<" -> comparison < 0;
      case ">=" -> comparison >= 0;
      default -> comparison <= 0;
    };
  }

  private static long size(String text) {
    try {
      return Sizes.parse(text);
    } catch (InvalidName e) {
      throw new UsageException(e.explanation());
    }
  }
}
