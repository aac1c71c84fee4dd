package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.Credential;
import dev.larder.upstream.RemoteContent;
import java.time.Duration;
import java.util.Optional;

/**
 * A Hugging Face hub, asked over HTTP. Every call blocks, ends by itself (within {@code budget}
 * where one is given), and throws {@link dev.larder.upstream.UpstreamException} when there was no
 * usable answer. Safe for concurrent use.
 */
public interface HubUpstream {
  /** Safe to show: scheme, host and port. */
  String origin();

  /** HEAD of one file at a revision, redirects followed by hand. Retries inside {@code budget}. */
  Found<RemoteEntry> head(
      RepoId repo, Revision revision, EntryPath path, Credential credential, Duration budget);

  /**
   * The bytes of one file at a commit. No request is made before the first {@code open}. {@code
   * location} spares the way over the hub: what {@link #head} said just now of the same file. One
   * of another file or for another caller is not used, and the hub is asked when it does not hold.
   */
  RemoteContent content(
      RepoId repo,
      Commit commit,
      EntryPath path,
      Credential credential,
      Optional<Location> location);

  /**
   * JSON answers of the hub's API and the text of {@code raw}, passed on: {@code info}, {@code
   * revision}, {@code tree} (all pages joined into one array), {@code refs}, {@code paths-info},
   * {@code commits} (one page), {@code whoami-v2}.
   */
  Found<Document> document(DocumentRequest request, Credential credential, Duration budget);
}
