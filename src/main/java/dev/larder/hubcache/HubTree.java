package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One cache directory ({@code HF_HUB_CACHE}). Layout: huggingface_hub 1.23, {@code
 * file_download.py}, on-disk facts in {@code docs/protocols/huggingface.md}. Safe for concurrent
 * use, also beside Python processes. Throws {@link HubTreeException}.
 */
public interface HubTree {
  Path directory();

  /**
   * Makes a file of a snapshot appear: {@code blobs/<identity>} becomes the store's blob (one
   * inode), then {@code snapshots/<commit>/<path>} a relative link to it. Repeating it is fine; a
   * different file found under the blob's name is kept when it hashes to its name and replaced
   * otherwise.
   */
  void publish(RepoId repo, Commit commit, EntryPath path, Identity identity, Digest digest);

  /**
   * {@code refs/<revision>}: 40 bytes, no newline, atomically. The snapshot directory is made
   * first.
   */
  void writeRef(RepoId repo, Revision revision, Commit commit);

  /** {@code .no_exist/<commit>/<path>}: an empty file says that this commit has no such entry. */
  void writeNoExist(RepoId repo, Commit commit, EntryPath path);

  /** {@code trees/<commit>.json} as huggingface_hub writes it: what a complete snapshot holds. */
  void writeListing(RepoId repo, Commit commit, List<ListedFile> files);

  Optional<Commit> ref(RepoId repo, Revision revision);

  /** Whether {@code .no_exist} says so. */
  boolean knownAbsent(RepoId repo, Commit commit, EntryPath path);

  Optional<List<ListedFile>> listing(RepoId repo, Commit commit);

  /** What lies in the tree for an entry, followed through its links; nothing is hashed. */
  Optional<FoundFile> find(RepoId repo, Commit commit, EntryPath path);

  /** {@code snapshots/<commit>}, whether it exists or not. */
  Path snapshot(RepoId repo, Commit commit);

  /**
   * Every repo in the tree with what is wrong in it. Reads directories and links, hashes nothing.
   */
  List<FoundRepo> scan();

  /** One repo as {@link #scan} sees it. */
  Optional<FoundRepo> inspect(RepoId repo);

  /**
   * Takes {@code .locks/<folder>/<identity>.lock} as Python does; goes on without it when it cannot
   * be had in time.
   */
  HubLock lock(RepoId repo, Identity identity);

  /**
   * Held between two processes that are about to fetch the same blob; correctness never depends on
   * it.
   */
  interface HubLock extends AutoCloseable {
    boolean held();

    @Override
    void close();
  }

  /**
   * One line of a listing. {@code lfsSha256} is the content's digest for LFS files, whose {@code
   * blobId} is the pointer's.
   */
  record ListedFile(EntryPath path, long sizeBytes, String blobId, Optional<Digest> lfsSha256) {
    /** What the file's bytes hash to, and its blob's name. */
    public Identity identity() {
      return lfsSha256.<Identity>map(d -> d).orElseGet(() -> Identity.ofHex(blobId));
    }
  }

  /**
   * A file in the tree. {@code identity} is its blob's name, empty for a real file in a snapshot
   * (no links there).
   */
  record FoundFile(
      EntryPath path,
      Path file,
      Optional<Identity> identity,
      FileStat.Fingerprint fingerprint,
      long accessedNanos) {
    public long sizeBytes() {
      return fingerprint.sizeBytes();
    }
  }

  /** A snapshot and its files, by path. */
  record FoundSnapshot(Commit commit, List<FoundFile> files) {}

  /** A ref and the commit its file names. */
  record FoundRef(Revision revision, Commit commit) {
    public boolean names(FoundSnapshot snapshot) {
      return snapshot.commit().equals(commit);
    }
  }

  /**
   * Something wrong in a repo's folder. {@code text}: a sentence. {@code place}: what has to be
   * written anew.
   */
  record Problem(Kind kind, String text, Place place) {
    /** Where it is. */
    public sealed interface Place {
      /** The file of a ref. {@code meant}: a commit that can still be read in it. */
      record Ref(Revision revision, Optional<Commit> meant) implements Place {}

      /** The link of an entry. {@code blob}: what the link is called after. */
      record Link(Commit commit, EntryPath path, Optional<Identity> blob) implements Place {}

      /** Anywhere else. */
      record Elsewhere() implements Place {}
    }

    /** What can be wrong. */
    public enum Kind {
      /** A ref that holds no commit, or one without a snapshot. */
      REF,
      /** A link that leads nowhere, or out of the cache. */
      LINK,
      /** Something that does not belong there. */
      STRAY,
      /** What this user may not read. */
      UNREADABLE
    }
  }

  /** One repo's folder. */
  record FoundRepo(
      RepoId repo,
      Path folder,
      List<FoundSnapshot> snapshots,
      List<FoundRef> refs,
      List<Problem> problems) {
    /** A sentence each. */
    public List<String> problemTexts() {
      return problems.stream().map(Problem::text).toList();
    }
  }
}
