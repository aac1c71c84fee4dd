package dev.larder.mirror;

import dev.larder.access.Principal;
import dev.larder.content.RepoId;
import dev.larder.mirror.Asking.About;
import dev.larder.mirror.Asking.Asked;
import dev.larder.mirror.Asking.Question;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.upstream.Credential;
import dev.larder.upstream.huggingface.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one question to the hub with one right after the other: as nobody, with the site's token for
 * those to whom the repo was granted here, with the caller's own. Safe for concurrent use.
 */
final class AskingInTurn {
  private static final Logger LOG = LoggerFactory.getLogger(AskingInTurn.class);

  private final Tenures tenures;
  private final Entitlements entitlements;
  private final RepoStandings standings;
  private final StandingBook book;
  private final MirrorSettings settings;
  private final InstantSource clock;

  AskingInTurn(
      Tenures tenures,
      Entitlements entitlements,
      RepoStandings standings,
      StandingBook book,
      MirrorSettings settings,
      InstantSource clock) {
    this.tenures = tenures;
    this.entitlements = entitlements;
    this.standings = standings;
    this.book = book;
    this.settings = settings;
    this.clock = clock;
  }

  <T> Asked<T> ask(RepoId repo, About about, Caller caller, long deadline, Question<T> question) {
    long tenure = tenures.of(repo);
    boolean granted = entitlements.granted(repo, caller);
    boolean hasMore = granted || caller.hasToken();
    if (!(hasMore && standings.access(repo).restrictedAt(clock.instant(), settings.accessTtl()))) {
      Instant asked = clock.instant();
      Found<T> anonymous = question.ask(Credential.ANONYMOUS, left(deadline));
      boolean closed = standings.access(repo).standing() == Standing.RESTRICTED;
      if (book.learn(repo, about, anonymous, asked)) {
        // Where it opened the repo, it is the first answer of another tenure.
        return new Asked<>(
            anonymous, settings.site(), Asking.EVERYBODY, closed ? tenures.of(repo) : tenure);
      }
      // Else a gateway said no, perhaps.
      if (standings.access(repo).standing() == Standing.RESTRICTED) {
        note(repo, about, Principal.ANONYMOUS, anonymous, asked);
      }
      if (!hasMore) {
        return refused(caller, anonymous, tenure);
      }
    }
    Instant asked = clock.instant();
    if (granted) {
      Found<T> bySite = question.ask(settings.site(), left(deadline));
      if (about == About.FILE) {
        entitlements.noteOfSite(repo, bySite, asked);
      }
      if (isForCaller(bySite)) {
        return new Asked<>(bySite, settings.site(), Entitlements.SITE, tenure);
      }
      LOG.atWarn()
          .addKeyValue("repo", repo)
          .log("the site's own token may not read what is granted");
      if (!caller.hasToken()) {
        return refused(caller, bySite, tenure);
      }
    }
    Found<T> own = question.ask(caller.credential(), left(deadline));
    note(repo, about, caller.principal(), own, asked);
    return new Asked<>(own, caller.credential(), caller.scope(), tenure);
  }

  /** Only what was said of a file's bytes decides: a gated repo is described to everybody. */
  private void note(RepoId repo, About about, Principal principal, Found<?> said, Instant asked) {
    if (about == About.FILE) {
      entitlements.note(repo, principal, said, asked);
    }
  }

  private static boolean isForCaller(Found<?> said) {
    return !(said instanceof Found.Not<?>(Found.Refusal no)) || !no.concernsRepo();
  }

  private static <T> Asked<T> refused(Caller caller, Found<T> said, long tenure) {
    Found<T> worded =
        said instanceof Found.Not<T>(Found.Refusal no)
            ? new Found.Not<>(Entitlements.inWordsFor(caller, no))
            : said;
    return new Asked<>(worded, Credential.ANONYMOUS, caller.scope(), tenure);
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(
        Math.max(Duration.ofMillis(50).toNanos(), deadline - System.nanoTime()));
  }
}
