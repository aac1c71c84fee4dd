package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One cached repo. {@code source} is the protocol, such as {@code hf}. {@code sizeBytes}: each file
 * counted once, whatever names it has. {@code lastUsed}: the newest use of a file, as recorded,
 * else its time of access or modification. {@code problems}: a sentence each. {@code skipped}: what
 * the snapshots of its refs should hold and what is never brought in, since its name is no ordinary
 * one everywhere. {@code pinned}: it is not evicted. {@code fileCount}: also where {@code files}
 * were not asked for. {@code shared}: those of its files that another repo of the same list has as
 * well. {@code location}: the cache that the repo lives in. {@code hiddenFiles}: those of its files
 * that the store alone has, since not everybody may read the repo: they are not in its {@code
 * folder}.
 */
public record RepoListing(
    RepoId repo,
    Path folder,
    long sizeBytes,
    Optional<Instant> lastUsed,
    Optional<Instant> lastModified,
    List<Ref> refs,
    State state,
    List<CachedFile> files,
    List<String> problems,
    List<EntryPath> skipped,
    String source,
    boolean pinned,
    int fileCount,
    List<SharedFile> shared,
    String location,
    int hiddenFiles) {
  /** Where a repo lives unless somebody says otherwise. */
  public static final String PRIMARY = "primary";

  /** The source that hubs of Hugging Face's kind are. */
  public static final String HUB = "hf";

  public RepoListing {
    source = named(source);
    fileCount = Math.max(fileCount, files.size());
    shared = List.copyOf(shared);
    refs = List.copyOf(refs);
    files = List.copyOf(files);
    problems = List.copyOf(problems);
    skipped = List.copyOf(skipped);
    location = Objects.requireNonNullElse(location, PRIMARY); // Of a server that knows one only.
  }

  /** Whether the tree shows nothing of it, so that it has no folder either. */
  public boolean isHidden() {
    return hiddenFiles > 0 && hiddenFiles == fileCount;
  }

  /** The same, in the location {@code place}. */
  public RepoListing at(String place) {
    return with(files, shared, place, hiddenFiles);
  }

  /** A server of another version may not say it. */
  private static String named(@Nullable String source) {
    return source == null ? HUB : source;
  }

  /** What {@code repos} take on the disk together: a file that two of them share is there once. */
  public static long totalBytes(Collection<RepoListing> repos) {
    Set<SharedFile> counted = new HashSet<>();
    return repos.stream().mapToLong(repo -> repo.addedBytes(counted)).sum();
  }

  /** What it takes on the disk beside others, whose shared files are {@code counted}; adds its. */
  public long addedBytes(Set<SharedFile> counted) {
    long before =
        shared.stream().filter(file -> !counted.add(file)).mapToLong(SharedFile::sizeBytes).sum();
    return sizeBytes - before;
  }

  RepoListing withShared(List<SharedFile> found) {
    return with(files, found, location, hiddenFiles);
  }

  RepoListing hiding(int count) {
    return with(files, shared, location, count);
  }

  private RepoListing with(
      List<CachedFile> itsFiles, List<SharedFile> itsShared, String place, int hiddenCount) {
    return new RepoListing(
        repo,
        folder,
        sizeBytes,
        lastUsed,
        lastModified,
        refs,
        state,
        itsFiles,
        problems,
        skipped,
        source,
        pinned,
        fileCount,
        itsShared,
        place,
        hiddenCount);
  }

  /**
   * How much of the repo is here: of the snapshots that its refs name, or of all of them where no
   * ref is left.
   */
  public enum State {
    /** Every file of them, save those that are skipped. */
    COMPLETE,
    /** Some files; a listing says which are not here. */
    PARTIAL,
    /** Some files; nothing here says what else belongs to them. */
    UNKNOWN,
    /** Something is wrong in its folder; {@code verify} says more. */
    DAMAGED
  }

  /** A file that several names lead to, told by its number on the disk. */
  public record SharedFile(long inode, long sizeBytes) {}

  /** A ref and the commit it names. */
  public record Ref(Revision revision, Commit commit) {}

  /** A file of a snapshot. {@code blob} is the name of its blob, empty for a plain file. */
  public record CachedFile(Commit commit, EntryPath path, long sizeBytes, String blob) {}
}
