package dev.larder.doctor;

import java.util.Locale;

/** Everything that can be found: how bad it is, where it belongs, and why it matters. */
public enum Code {
  // Settings
  SETTING_UNUSABLE(
      Group.SETTINGS,
      Severity.ERROR,
      "Commands refuse to work until it is corrected (exit code 2)."),
  SETTINGS_DISAGREE(
      Group.SETTINGS,
      Severity.WARNING,
      "Only one of them is heard, which may not be the one you mean."),
  SERVICE_LINKS(
      Group.SETTINGS,
      Severity.NOTE,
      "Kubernetes sets them for a service of that name. Larder ignores them; a setting of the same"
          + " name could not be given that way."),
  SERVER_DIFFERS(
      Group.SETTINGS,
      Severity.WARNING,
      "The running server decides, so what is set here has no effect."),
  PATH_NOT_ABSOLUTE(
      Group.SETTINGS,
      Severity.WARNING,
      "Each working directory gets a cache of its own, and everything is downloaded again."),
  CACHE_VARIABLE_EMPTY(
      Group.SETTINGS,
      Severity.WARNING,
      "Python takes it literally and keeps its cache in the working directory; Larder counts it as"
          + " not set."),
  OLD_CACHE_VARIABLE(
      Group.SETTINGS,
      Severity.WARNING,
      "Libraries that know it put files where Larder does not look."),
  PYTHON_CACHE_ELSEWHERE(
      Group.SETTINGS, Severity.WARNING, "What one of them downloads the other downloads again."),
  PYTHON_CACHE_BESIDE(
      Group.SETTINGS,
      Severity.NOTE,
      "Two caches hold the same files twice. That is meant where this machine serves others."),
  OFFLINE_FOR_PYTHON_ONLY(
      Group.SETTINGS,
      Severity.WARNING,
      "Python does not even ask a Larder while it is set, and Larder itself still goes to the hub."),
  ENDPOINT_ELSEWHERE(
      Group.SETTINGS,
      Severity.WARNING,
      "Python's downloads go past this Larder and are not kept by it."),
  ENDPOINT_SILENT(
      Group.SETTINGS,
      Severity.ERROR,
      "Every download of Python's fails, or falls back to what its cache happens to hold."),
  UPSTREAM_IS_ITSELF(
      Group.SETTINGS,
      Severity.ERROR,
      "It would ask itself for what it does not have, and nothing new can be fetched."),
  CACHE_ON_OTHER_FILE_SYSTEM(
      Group.SETTINGS,
      Severity.ERROR,
      "A file of the cache and a blob of the store are one file with two names, which two file"
          + " systems cannot share; commands refuse it."),

  // Place
  ROOT_MISSING(
      Group.PLACE,
      Severity.WARNING,
      "A path that somebody named and that is not there is often a typo or a volume that is not"
          + " mounted."),
  ROOT_NO_DIRECTORY(Group.PLACE, Severity.ERROR, "No cache can be there; every command fails."),
  ROOT_UNREADABLE(
      Group.PLACE, Severity.ERROR, "This user cannot use the cache, nor see what is in it."),
  ROOT_NOT_WRITABLE(
      Group.PLACE,
      Severity.WARNING,
      "ls, verify and stats work; nothing can be fetched or served from here."),
  LOCATION_MOVED(
      Group.PLACE,
      Severity.ERROR,
      "Commands refuse to work until the settings name the new directory (exit code 2)."),
  LOCATION_ARRIVING(
      Group.PLACE,
      Severity.ERROR,
      "It is not whole, and commands refuse to work until the move is finished (exit code 2)."),
  LOCATION_ABSENT(
      Group.PLACE,
      Severity.WARNING,
      "What lives there is not found and is downloaded again, into primary."),
  LOCATION_TAKEN(
      Group.PLACE,
      Severity.ERROR,
      "A location has one owner, so commands with these settings refuse to work."),
  REPOS_BESIDE_HUB(
      Group.PLACE,
      Severity.WARNING,
      "They are looked for one level deeper, so they count as not cached."),
  DEFAULT_CACHE_HAS_DATA(
      Group.PLACE,
      Severity.WARNING,
      "What is there is not found here and would be downloaded again."),
  CACHE_VANISHES(
      Group.PLACE,
      Severity.WARNING,
      "It is no volume: everything is gone with the container and downloaded again by the next."),
  CACHE_IN_MEMORY(
      Group.PLACE,
      Severity.WARNING,
      "It takes memory away from everything else and is empty after a restart."),
  NETWORK_FILE_SYSTEM(
      Group.PLACE,
      Severity.ERROR,
      "Locks and shared memory are not reliable there: the catalog can be damaged and two processes"
          + " can own one store. Only a cache directory may lie there."),
  NETWORK_CACHE_DIRECTORY(
      Group.PLACE,
      Severity.WARNING,
      "Names appear late on other machines and locks may hold nobody off; let other machines ask"
          + " over HTTP."),
  MOUNTED_READ_ONLY(
      Group.PLACE,
      Severity.WARNING,
      "ls, verify and stats work; nothing can be fetched or served from here."),
  NO_HARD_LINKS(
      Group.PLACE,
      Severity.ERROR,
      "Blobs get their names by hard links, so nothing can be stored."),
  NO_SYMLINKS(
      Group.PLACE,
      Severity.ERROR,
      "A snapshot is made of symbolic links; without them no snapshot can be shown to Python."),
  NO_FLOCK(
      Group.PLACE,
      Severity.ERROR,
      "Nothing keeps two processes from owning one store, and Python falls back to lock files that"
          + " stay behind."),
  FLOCK_HOLDS_NOBODY(
      Group.PLACE, Severity.ERROR, "Two processes can own one store at the same time."),
  CASE_INSENSITIVE(
      Group.PLACE,
      Severity.WARNING,
      "Repos and files that differ only in upper and lower case overwrite each other."),
  DISK_FULL(
      Group.PLACE,
      Severity.ERROR,
      "Nothing can be written: the catalog cannot be opened and no new file is kept."),
  BELOW_FLOOR(
      Group.PLACE,
      Severity.WARNING,
      "New files are passed on without being kept, and pull is refused (exit code 7)."),
  NO_INODES(Group.PLACE, Severity.ERROR, "No file can be made although there are bytes left."),
  FLOOR_ABOVE_DISK(
      Group.PLACE, Severity.ERROR, "No new file can ever be kept, however empty the disk is."),
  BUDGET_ABOVE_DISK(
      Group.PLACE,
      Severity.WARNING,
      "The disk fills up before the budget is reached, so the budget limits nothing."),

  // Owners and modes
  RUNS_AS_ROOT(
      Group.OWNERS,
      Severity.WARNING,
      "What root writes there the owner can neither change nor remove."),
  FOREIGN_OWNER(
      Group.OWNERS,
      Severity.ERROR,
      "Larder cannot write or remove them, so its store cannot be opened or kept in order."),
  FOREIGN_REPOS(
      Group.OWNERS,
      Severity.WARNING,
      "This user can add nothing to them; often a program that ran as root left them."),
  LARDER_OPEN(
      Group.OWNERS,
      Severity.WARNING,
      "Everybody on this machine can read the blobs of private and gated repos there."),
  LARDER_OPEN_TO_GROUP(
      Group.OWNERS,
      Severity.NOTE,
      "The group can read the blobs of private and gated repos there. That is meant where an"
          + " operator did it."),
  SECRET_OPEN(
      Group.OWNERS,
      Severity.WARNING,
      "Other users of this machine can read a secret and act with the rights it gives."),
  WORLD_WRITABLE(
      Group.OWNERS,
      Severity.WARNING,
      "Everybody on this machine can put other files into the cache, or remove it."),
  BLOB_WRITABLE(
      Group.OWNERS,
      Severity.WARNING,
      "A program that saves a model through a link of the cache would rewrite the blob."),
  BLOB_UNREADABLE(
      Group.OWNERS, Severity.ERROR, "Larder can neither serve such a file nor check it."),
  UMASK_OPEN(
      Group.OWNERS,
      Severity.WARNING,
      "What this user writes into the cache everybody on this machine can change."),

  // Leftovers
  LOCK_FOREIGN(
      Group.LEFTOVERS,
      Severity.ERROR,
      "This user cannot tell who owns the store, and no command can work on it."),
  LOCK_WITHOUT_OWNER(
      Group.LEFTOVERS,
      Severity.ERROR,
      "Whoever holds it keeps every other command from the store. It may run in a container or be a"
          + " child of a server that ended."),
  SERVER_SILENT(
      Group.LEFTOVERS,
      Severity.ERROR,
      "It owns the store, so every command waits for it or fails. It may run in a container, where"
          + " its number and its address are others than here."),
  SOFT_LOCK_STALE(
      Group.LEFTOVERS, Severity.WARNING, "Python waits for ever for a lock whose owner is gone."),
  INCOMPLETE_STALE(
      Group.LEFTOVERS,
      Severity.WARNING,
      "They are of downloads that ended; nothing goes on with them and they only take room."),
  ATTEMPT_STALE(
      Group.LEFTOVERS,
      Severity.WARNING,
      "They are of transfers that ended more than a day ago and are not resumed any more."),
  QUARANTINE_HOLDS(
      Group.LEFTOVERS,
      Severity.NOTE,
      "They did not hold what their names said. They are kept for a person to look at and take room."),
  CATALOG_SET_ASIDE(
      Group.LEFTOVERS, Severity.NOTE, "It was damaged and replaced; it only takes room."),
  OLD_LAYOUT(
      Group.LEFTOVERS,
      Severity.WARNING,
      "They are in the layout that transformers had before 4.22; nothing reads it any more and it"
          + " only takes room."),

  // Contents
  CATALOG_DAMAGED(
      Group.CONTENTS,
      Severity.WARNING,
      "The next command rebuilds it from the files; if it has to be set aside, counters and last"
          + " uses are lost."),
  CATALOG_NEWER(
      Group.CONTENTS,
      Severity.ERROR,
      "This version does not know what is in it, so no command works on this cache."),
  CATALOG_FOREIGN(Group.CONTENTS, Severity.ERROR, "No command works on this cache."),
  CATALOG_UNREADABLE(Group.CONTENTS, Severity.ERROR, "No command works on this cache."),
  TORN_REF(
      Group.CONTENTS,
      Severity.ERROR,
      "Python without a hub does not find the repo at this branch."),
  DANGLING_LINK(
      Group.CONTENTS,
      Severity.ERROR,
      "Whoever reads the cache without asking finds no file there."),
  STRAY_FILE(Group.CONTENTS, Severity.NOTE, "It does not belong into a cache and is never used."),
  TREE_UNREADABLE(
      Group.CONTENTS,
      Severity.WARNING,
      "What this user may not read counts as not cached and is downloaded again."),
  SERVED_IN_PLACE(
      Group.CONTENTS,
      Severity.NOTE,
      "They are not shared with the store, which could not link them: looked at before each use,"
          + " hashed again when they change, and never removed by Larder."),
  SHARED_BLOBS(
      Group.CONTENTS,
      Severity.NOTE,
      "Repos share files there since huggingface_hub 2.0. An older huggingface_hub that removes"
          + " revisions of this cache can take away what other repos need."),
  TAG_MISSING(Group.CONTENTS, Severity.NOTE, "Backup programs do not know that it is a cache."),

  // Upstream
  UPSTREAM_UNREACHABLE(
      Group.UPSTREAM, Severity.ERROR, "What is not cached cannot be fetched (exit code 6)."),
  UPSTREAM_UNTRUSTED(
      Group.UPSTREAM,
      Severity.ERROR,
      "Larder trusts the certificates that this machine's Java trusts; nothing can be fetched."),
  UPSTREAM_DENIED(
      Group.UPSTREAM,
      Severity.ERROR,
      "Addresses that are not public are asked only where that was allowed."),
  UPSTREAM_BROKEN(Group.UPSTREAM, Severity.WARNING, "What is not cached may not be fetched."),
  TOKEN_REFUSED(
      Group.UPSTREAM,
      Severity.ERROR,
      "It expired or was revoked; private and gated repos cannot be fetched."),
  RATE_LIMITED(
      Group.UPSTREAM, Severity.WARNING, "The hub refuses questions until its window ends."),
  TOKEN_NOT_USED(
      Group.UPSTREAM,
      Severity.NOTE,
      "Python sends it and Larder's own commands do not: gated repos fail with pull."),
  TOKENS_DIFFER(
      Group.UPSTREAM,
      Severity.NOTE,
      "HF_TOKEN decides, for Python and for Larder; the one that was logged in with is not used."),
  PROXY_IGNORED(
      Group.UPSTREAM,
      Severity.NOTE,
      "Larder connects to the hub directly. Where only the proxy leads outside it reaches nothing."),

  // Machine
  CHECK_FAILED(Group.MACHINE, Severity.WARNING, "Whether all is well there is not known."),
  NATIVE_LIBRARY(
      Group.MACHINE,
      Severity.ERROR,
      "The catalog's database is partly native code that Java unpacks and loads; without it no"
          + " command works."),
  CLOCK_WRONG(
      Group.MACHINE,
      Severity.ERROR,
      "Certificates look invalid, and ages of files and branches are judged wrongly."),
  CLOCK_DIFFERS(
      Group.MACHINE,
      Severity.WARNING,
      "Ages of files and branches are judged by this machine's clock."),
  TIMES_IN_FUTURE(
      Group.MACHINE,
      Severity.WARNING,
      "The clock was wrong when they were written, or is now; they count as used last."),
  FEW_DESCRIPTORS(
      Group.MACHINE,
      Severity.WARNING,
      "Each client and each open file needs one; a server takes half as many clients as there are,"
          + " and refuses to start with less than 256.");

  /** What somebody should do about it. */
  public enum Severity {
    /** Something does not work. */
    ERROR,
    /** Something will go wrong, or is wasted. */
    WARNING,
    /** Worth knowing, and may well be meant. */
    NOTE
  }

  /** Under which heading it is shown. */
  public enum Group {
    SETTINGS("Settings"),
    PLACE("Where the cache lies"),
    OWNERS("Owners and modes"),
    LEFTOVERS("Locks and leftovers"),
    CONTENTS("What is in the cache"),
    UPSTREAM("The hub"),
    MACHINE("This machine");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  private final Group group;
  private final Severity severity;
  private final String why;

  Code(Group group, Severity severity, String why) {
    this.group = group;
    this.severity = severity;
    this.why = why;
  }

  /** A promise to scripts: {@code disk-full}. Never changes. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Group group() {
    return group;
  }

  public Severity severity() {
    return severity;
  }

  /** Why it matters, in a sentence or two. */
  public String why() {
    return why;
  }
}
