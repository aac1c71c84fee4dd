package dev.larder.mirror;

import dev.larder.upstream.Credential;
import java.time.Duration;

/**
 * How the mirror decides. {@code refTtl}, {@code negativeTtl}, {@code accessTtl}: how long a
 * branch's commit, a "not there" and "this repo is public" are trusted. {@code offline}: upstream
 * is never asked. {@code trustAdopted}: repos found on disk may be given out without asking
 * upstream. {@code ownTree}: the hub tree belongs to the person who asks, so restricted repos
 * appear in it too. {@code site}: the site's own credential, used for repos that are public. {@code
 * patience}: how long a client waits for its first byte, all questions to the upstream together.
 * {@code immutableTags}: a tag that moved is refused. {@code callersBytes}: what one client may
 * have stored anew a day.
 */
public record MirrorSettings(
    Duration refTtl,
    Duration negativeTtl,
    Duration accessTtl,
    boolean offline,
    boolean trustAdopted,
    boolean ownTree,
    Credential site,
    Duration patience,
    boolean immutableTags,
    long callersBytes) {
  /** Without a limit for single clients. */
  public MirrorSettings(
      Duration refTtl,
      Duration negativeTtl,
      Duration accessTtl,
      boolean offline,
      boolean trustAdopted,
      boolean ownTree,
      Credential site,
      Duration patience,
      boolean immutableTags) {
    this(
        refTtl,
        negativeTtl,
        accessTtl,
        offline,
        trustAdopted,
        ownTree,
        site,
        patience,
        immutableTags,
        Long.MAX_VALUE);
  }

  /** What is not cached and cannot be fetched is refused within 25 s. */
  public static final Duration PATIENCE = Duration.ofSeconds(24);

  /** What is cached is answered within 5 s: asking upstream may take this much of it. */
  static final Duration REVALIDATION = Duration.ofSeconds(4);

  /** Of the patience, asking what a file is may take this much: the rest is for its bytes. */
  static final Duration FIRST_ANSWER = Duration.ofSeconds(20);

  /** After the upstream failed, what is cached is answered without asking for so long. */
  static final Duration AWAY = Duration.ofSeconds(5);
}
