package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import dev.larder.content.Revision;
import dev.larder.upstream.Credential;
import dev.larder.upstream.RemoteContent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Hugging Face hub, asked over HTTP. Every call blocks, ends by itself (within {@code budget}
 * where one is given), and throws {@link dev.larder.upstream.UpstreamException} when there was no
 * usable answer. Safe for concurrent use.
 */
public interface HubUpstream {
  /** Safe to show: scheme, host and port. */
  String origin();

  /**
   * What a hub counts together when it limits how often it is asked. Its names: "api" and
   * "resolvers".
   */
  enum Bucket {
    API("api"),
    RESOLVE("resolvers");

    private final String word;

    Bucket(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Whether the hub said that anonymous questions of this kind have to wait. Does not block. */
  boolean rests(Bucket bucket);

  /**
   * Whether less than a quarter is left of how often it may be asked anonymously. Does not block.
   */
  boolean scarce(Bucket bucket);

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
   * {@code commits} and searches (one page), {@code auth-check}, {@code whoami-v2}. What is held of
   * it on the way is taken from {@code reserve} first.
   */
  Found<Document> document(
      DocumentRequest request, Credential credential, Duration budget, Reserve reserve);

  /**
   * Any other read, put as it came. {@code budget} is for its head: the body comes as long as it
   * comes. Redirects are followed, so that the client gets an answer and no address.
   */
  Found<Passed> pass(PassRequest request, Credential credential, Duration budget);

  /**
   * Which of the large files the repo has, by their digests alone: it need not say at what path.
   * What is held of the answer is taken from {@code reserve} first.
   */
  Found<Set<Digest>> lfs(
      RepoId repo,
      List<LfsObjectId> objects,
      Credential credential,
      Duration budget,
      Reserve reserve);

  /** The bytes of one of them, which are checked as they come. {@code budget} is for the head. */
  Found<Passed> lfsObject(RepoId repo, LfsObjectId object, Credential credential, Duration budget);
}
