package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.upstream.Fields;
import dev.larder.upstream.Redirects;
import dev.larder.upstream.WireResponse;
import java.net.URI;
import java.util.Optional;

/**
 * Gathers what the answers on the way to a file say of it. The first to say something is believed:
 * the hub comes before the hosts it redirects to. For one thread.
 */
final class Trail implements Redirects.Watcher {
  private Optional<Commit> commit = Optional.empty();
  private Optional<String> linkedEtag = Optional.empty();
  private Optional<Long> linkedSize = Optional.empty();
  private Optional<URI> elsewhere = Optional.empty();

  @Override
  public boolean enough(WireResponse redirect, URI target, boolean leavesHome) {
    see(redirect.fields());
    boolean enough = leavesHome && commit.isPresent() && linkedEtag.isPresent();
    elsewhere = enough ? Optional.of(target) : Optional.empty();
    return enough;
  }

  private void see(Fields fields) {
    commit = commit.or(() -> HubAnswers.commit(fields));
    linkedEtag = linkedEtag.or(() -> fields.find("X-Linked-Etag").map(String::strip));
    linkedSize = linkedSize.or(() -> size(fields, "X-Linked-Size"));
  }

  Optional<Commit> commit() {
    return commit;
  }

  /** Where the bytes lie, when the way was not followed to its end, outside of home. */
  Optional<URI> elsewhere() {
    return elsewhere;
  }

  /**
   * The file as the whole way describes it. A redirect's own entity tag and length are those of the
   * redirect, so only a final answer's count.
   */
  Optional<RemoteEntry> entry(WireResponse last) {
    see(last.fields());
    boolean whole = last.status() == 200;
    String validator =
        linkedEtag.orElse(whole ? last.fields().find("ETag").map(String::strip).orElse("") : "");
    Optional<Identity> identity = Identity.ofValidator(validator);
    long size = linkedSize.orElse(whole ? size(last.fields(), "Content-Length").orElse(-1L) : -1L);
    boolean lfs = linkedEtag.isPresent() && identity.filter(Digest.class::isInstance).isPresent();
    return commit.map(at -> new RemoteEntry(at, identity, validator, size, lfs, Optional.empty()));
  }

  /** Not a number is the same as not said. */
  private static Optional<Long> size(Fields fields, String name) {
    return fields.find(name).filter(text -> text.matches("[0-9]{1,18}")).map(Long::valueOf);
  }
}
