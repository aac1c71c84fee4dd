package dev.larder.mirror;

import dev.larder.access.Access;
import dev.larder.access.Principal;
import dev.larder.access.Verdict;
import dev.larder.content.RepoId;
import dev.larder.upstream.Credential;
import dev.larder.upstream.huggingface.Found;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known, without asking the hub, of who may read a restricted repo: what the hub said to
 * this very caller a moment ago, and what is granted here. From memory; safe for concurrent use.
 */
final class Entitlements {
  /** The scope of what is fetched with the site's own token, for those it was granted to. */
  static final String SITE = "site";

  /** Statuses by which a hub keeps a repo from a caller; others say nothing of its standing. */
  static final Set<Integer> NO_ACCESS = Set.of(401, 403, 404, 410, 451);

  private static final String DISABLED = "Access to this resource is disabled.";

  private final Access access;
  private final MirrorSettings settings;

  /** Whose decisions are those about the site's own token. */
  private final Principal site;

  Entitlements(Access access, MirrorSettings settings) {
    this.access = access;
    this.settings = settings;
    this.site =
        settings.site() instanceof Credential.Token(String secret)
            ? access.identify(secret).orElse(Principal.ANONYMOUS)
            : Principal.ANONYMOUS;
  }

  /**
   * A right to read. {@code scope}: who may share what is fetched with it. {@code inTree}: its
   * bytes may appear in the shared tree.
   */
  record Pass(String scope, Credential credential, boolean inTree) {}

  /** Null when the hub has to be asked. A grant lends the site's right, so there must be one. */
  @Nullable Pass pass(RepoId repo, Caller caller) {
    if (access.verdict(caller.principal(), repo) instanceof Verdict.Allowed) {
      return new Pass(caller.scope(), caller.credential(), inTree(repo));
    }
    return access.verdict(site, repo) instanceof Verdict.Allowed && granted(repo, caller)
        ? lent(repo)
        : null;
  }

  /**
   * The same when the hub cannot be asked: then a grant does, unless the site's last word was no.
   */
  @Nullable Pass passUnasked(RepoId repo, Caller caller) {
    Pass pass = pass(repo, caller);
    boolean lent =
        pass == null
            && granted(repo, caller)
            && !(access.lastVerdict(site, repo) instanceof Verdict.Denied);
    return lent ? lent(repo) : pass;
  }

  private Pass lent(RepoId repo) {
    return new Pass(SITE, settings.site(), inTree(repo));
  }

  /** What a caller with a token of this Larder is called. */
  Optional<String> nameOf(Caller caller) {
    return access.nameOf(caller.principal());
  }

  /** Whether a grant of this Larder lets the caller read the repo. */
  boolean granted(RepoId repo, Caller caller) {
    return access.granted(caller.principal(), repo);
  }

  /** Whether bytes of a restricted repo may appear in the tree. */
  boolean inTree(RepoId repo) {
    return settings.ownTree() || access.grantedToEveryone(repo);
  }

  /**
   * The hub's no to this caller, while it is believed; null when there is none. Who has a token of
   * this Larder is refused as anonymous callers are, in the hub's words for one with a token.
   */
  Found.@Nullable Refusal refusal(RepoId repo, Caller caller) {
    boolean granted = granted(repo, caller);
    Verdict said = granted ? access.verdict(site, repo) : null;
    if (!granted || (said instanceof Verdict.Denied && caller.hasToken())) {
      said =
          access.verdict(
              caller.principal().local() ? Principal.ANONYMOUS : caller.principal(), repo);
    }
    return said instanceof Verdict.Denied denied ? inWordsFor(caller, refusal(denied)) : null;
  }

  private static Found.Refusal refusal(Verdict.Denied denied) {
    return new Found.Refusal(denied.status(), denied.code(), denied.message(), Optional.empty());
  }

  /**
   * What the hub says of a repo that is closed, as it says it to such a caller: 401 to one without
   * a token; to one with a token 403 where a licence is to be accepted, 404 for what is hidden or
   * not there. Who shows the hub a token of their own has its own words.
   */
  static Found.Refusal inWordsFor(Caller caller, Found.Refusal reason) {
    boolean gated = reason.code().equals(Found.Refusal.GATED);
    boolean closed = gated || reason.code().equals(Found.Refusal.NO_REPO) || reason.status() == 401;
    if (caller.hasToken() || !closed) {
      return reason;
    }
    boolean nobody = !caller.principal().local();
    return gated
        ? new Found.Refusal(
            nobody ? 401 : 403, Found.Refusal.GATED, reason.message(), reason.commit())
        : new Found.Refusal(
            nobody ? 401 : 404, Found.Refusal.NO_REPO, "Repository not found", reason.commit());
  }

  /** Whether it is the hub's own word on the repo, and not a gateway's on the way there. */
  static boolean isOfTheHub(Found.Refusal reason) {
    return !reason.code().isEmpty() || reason.message().equals(DISABLED);
  }

  /** What the hub said to the site's own token, for those it is lent to. */
  void noteOfSite(RepoId repo, Found<?> said, Instant asked) {
    note(repo, site, said, asked);
  }

  /** What the hub said to {@code principal} when it was asked for a file at {@code asked}. */
  void note(RepoId repo, Principal principal, Found<?> said, Instant asked) {
    switch (said) {
      case Found.Here<?> _ -> access.note(principal, repo, new Verdict.Allowed(), asked);
      case Found.Not<?>(Found.Refusal no) -> {
        if (no.concernsRepo() && NO_ACCESS.contains(no.status())) {
          access.note(
              principal, repo, new Verdict.Denied(no.status(), no.code(), no.message()), asked);
        }
      }
    }
  }

  /** Nothing that was said of {@code repo} holds any more. */
  void forget(RepoId repo) {
    access.forget(repo);
  }
}
