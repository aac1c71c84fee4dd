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
import java.util.Map;
import java.util.Optional;

/**
 * One cache directory ({@code HF_HUB_CACHE}). Layout: huggingface_hub 1.23, {@code
 * file_download.py}, on-disk facts in {@code docs/protocols/huggingface.md}. Safe for concurrent
 * use, also beside Python processes: it takes none of their locks and needs none. A ref, listing or
 * note of absence that this user may not read counts as none. Throws {@link HubTreeException}.
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

  /**
   * Takes files out of the repo's folder that {@link #publish} put there: their links, their blobs
   * unless another link needs one, and of a snapshot that is empty then also its refs, its listing
   * and its notes of absence; with the last snapshot the repo's folder. What is not as it was put
   * there stays, and so does the store's blob. Answers whether a snapshot went.
   */
  boolean withdraw(RepoId repo, List<Shown> shown);

  /** Those of {@code shown} whose name in {@code blobs} is the store's file itself. */
  List<Shown> linked(RepoId repo, List<Shown> shown);

  /**
   * What else than {@code shown} leads to the file of the store's blob: a link or a name that
   * somebody else made. Empty when nothing does.
   */
  Optional<Path> others(Digest digest, Map<RepoId, List<Shown>> shown);

  Optional<Commit> ref(RepoId repo, Revision revision);

  /** Whether {@code .no_exist} says so. */
  boolean knownAbsent(RepoId repo, Commit commit, EntryPath path);

  Optional<List<ListedFile>> listing(RepoId repo, Commit commit);

  /** What the text of a listing says; empty for one of another version, or for no listing. */
  static Optional<List<ListedFile>> readListing(byte[] json) {
    return ListingJson.read(json);
  }

  /** What lies in the tree for an entry, followed through its links; nothing is hashed. */
  Optional<FoundFile> find(RepoId repo, Commit commit, EntryPath path);

  /** Removal of what the tree's owner names. */
  TreeClearing clearing();

  /** {@code snapshots/<commit>}, whether it exists or not. */
  Path snapshot(RepoId repo, Commit commit);

  /** Whether the repo has a folder with snapshots here. One look at the disk. */
  boolean has(RepoId repo);

  /** Every repo that has a folder here, by name alone. */
  List<RepoId> repos();

  /**
   * Every repo in the tree with what is wrong in it. Reads directories and links, hashes nothing.
   */
  List<FoundRepo> scan();

  /** One repo as {@link #scan} sees it. */
  Optional<FoundRepo> inspect(RepoId repo);

  /** The same, with what tells later whether it is still so. */
  Optional<Looked> look(RepoId repo);

  /**
   * Whether the repo's folder still has the names, links and refs that it had when {@code stamps}
   * were taken. Files that names lead to may have changed: see {@link #stat}.
   */
  boolean isAsSeen(RepoId repo, List<Stamp> stamps);

  /** What lies at {@code below}, seen from the repo's folder; no link there is followed. */
  Optional<FileStat> stat(RepoId repo, String below);

  /** {@link #stat} of many; nothing of any of them where one may not be looked at. */
  List<Optional<FileStat>> statAll(RepoId repo, List<String> below);

  /** A file that was put into the tree. */
  record Shown(Commit commit, EntryPath path, Identity identity, Digest digest) {}

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
   * A file in the tree. {@code identity} is its blob's name. For a real file in a snapshot (no
   * links there) {@link #find} has it from the listing, if there is one; else it is empty.
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

  /**
   * A repo's folder and the directories and small files in it, as they were just before they were
   * read.
   */
  record Looked(FoundRepo repo, List<Stamp> stamps) {}

  /**
   * A directory or a small file, told by numbers that change with it. {@code path}: seen from the
   * repo's folder, empty for the folder itself. A change within the tick of the file system's clock
   * in which it was taken does not show: a stamp is only worth something when it was older than
   * that.
   */
  record Stamp(String path, long inode, long modifiedNanos, long changedNanos) {
    static Stamp of(Path path, FileStat stat) {
      return new Stamp(path.toString(), stat.inode(), stat.modifiedNanos(), stat.changedNanos());
    }

    /** Whether what is there now is what was stamped. */
    boolean isOf(FileStat now) {
      return inode == now.inode()
          && modifiedNanos == now.modifiedNanos()
          && changedNanos == now.changedNanos();
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
