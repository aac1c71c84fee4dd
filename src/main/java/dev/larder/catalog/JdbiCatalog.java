package dev.larder.catalog;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.LoggerFactory;

/**
 * The catalog in a relational database. One connection writes, so writers form a queue; a few
 * others read beside it.
 */
public final class JdbiCatalog implements Catalog {
  private final Lent readers;
  private final Lent writer;
  private final String where;
  private final Runnable afterClose;
  private final Sql sql;
  private final BlobTable blobs;
  private final RepoTable repos;
  private final HolderTable holders;
  private final EntryTable entries;
  private final UseTable use;
  private final AccountTable access;
  private final ShownTable shown;
  private final SpaceTable space;
  private final CheckTable checks;
  private final ScanTable scans;
  private final DecisionTable decisions;
  private final ModelTable models;

  JdbiCatalog(Lent readers, Lent writer, String where) {
    this(readers, writer, where, () -> {});
  }

  JdbiCatalog(Lent readers, Lent writer, String where, Runnable afterClose) {
    this.readers = readers;
    this.writer = writer;
    this.where = where;
    this.afterClose = afterClose;
    sql = new Sql(Jdbi.create(readers), Jdbi.create(writer), where);
    blobs = new BlobTable(sql);
    repos = new RepoTable(sql);
    holders = new HolderTable(sql);
    entries = new EntryTable(sql);
    use = new UseTable(sql);
    access = new AccountTable(sql);
    shown = new ShownTable(sql);
    space = new SpaceTable(sql);
    checks = new CheckTable(sql);
    scans = new ScanTable(sql);
    decisions = new DecisionTable(sql);
    models = new ModelTable(sql);
  }

  /**
   * Opens the catalog in {@code databaseFile}, creating what is missing of it. A damaged one is set
   * aside, never removed. {@code clock} names the file that is set aside.
   */
  public static Opened open(Path databaseFile, InstantSource clock) {
    return new CatalogOpening(databaseFile, clock).open();
  }

  /**
   * Loads what the first query of a catalog needs, which takes longer than the query. To be called
   * early, on a thread of its own; what goes wrong here goes wrong again, and is told, when the
   * catalog is opened.
   */
  public static void warmUp() {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      Jdbi.create(connection).useHandle(h -> h.createQuery("select 1").mapTo(Integer.class).one());
    } catch (SQLException | JdbiException e) {
      LoggerFactory.getLogger(JdbiCatalog.class).debug("warming up failed", e);
    }
  }

  /** An empty catalog that is gone when it is closed. */
  public static Catalog openInMemory() {
    return CatalogOpening.inMemory();
  }

  /**
   * A copy in memory of the catalog in {@code databaseFile}, for a root that cannot be written: it
   * knows what the file and its log told when it was made, and what is written to it is gone when
   * it is closed. Empty where there is no file. Changes nothing on the disk.
   */
  public static Catalog openToRead(Path databaseFile, InstantSource clock) {
    return new CatalogOpening(databaseFile, clock).copied();
  }

  /**
   * An open catalog. {@code empty}: it does not know the files that are there, or not all of them,
   * so whoever wants it to tells it, and then {@link Catalog#noteFilled}. {@code setAside}: where
   * the damaged one lies now.
   */
  public record Opened(Catalog catalog, boolean empty, Optional<Path> setAside) {}

  @Override
  public void noteFilled() {
    sql.write("that the files are known", handle -> handle.execute(Schema.FILLED));
  }

  @Override
  public List<BlobRow> blobs() {
    return blobs.all();
  }

  @Override
  public void eachBlob(Consumer<BlobRow> reader) {
    blobs.each(reader);
  }

  @Override
  public void forgetBlobs(Collection<Digest> digests) {
    blobs.forget(digests);
  }

  @Override
  public void putBlob(BlobRow row) {
    blobs.put(row);
  }

  @Override
  public void forgetBlob(Digest digest) {
    blobs.forget(digest);
  }

  @Override
  public Optional<Digest> blobOf(GitBlobId id) {
    return blobs.pinned(id);
  }

  @Override
  public void pinBlob(GitBlobId id, Digest digest) {
    blobs.pin(id, digest);
  }

  @Override
  public Optional<RepoRow> repo(RepoId repo) {
    return repos.find(repo);
  }

  @Override
  public List<RepoRow> repos() {
    return repos.all();
  }

  @Override
  public void putRepo(RepoRow row) {
    repos.put(row);
  }

  @Override
  public Holder holder(RepoId repo) {
    return holders.of(repo);
  }

  @Override
  public void putHolder(RepoId repo, String hubId) {
    holders.put(repo, hubId);
  }

  @Override
  public void changeHolder(RepoId repo, String hubId, Set<Commit> former) {
    holders.change(repo, hubId, former);
  }

  @Override
  public Set<Commit> commits(RepoId repo) {
    return holders.commits(repo);
  }

  @Override
  public void forgetFormer(RepoId repo, Commit commit) {
    holders.forgetFormer(repo, commit);
  }

  @Override
  public Optional<RefRow> ref(RepoId repo, Revision revision) {
    return repos.ref(repo, revision);
  }

  @Override
  public List<RefRow> refs(RepoId repo) {
    return repos.refs(repo);
  }

  @Override
  public void addRefs(Collection<RefRow> rows) {
    repos.addRefs(rows);
  }

  @Override
  public void putRef(RefRow row) {
    repos.putRef(row);
  }

  @Override
  public void forgetRef(RepoId repo, Revision revision) {
    repos.forgetRef(repo, revision);
  }

  @Override
  public Optional<EntryRow> entry(RepoId repo, Commit commit, EntryPath path) {
    return entries.find(repo, commit, path);
  }

  @Override
  public List<EntryRow> entries(RepoId repo, Commit commit) {
    return entries.of(repo, commit);
  }

  @Override
  public List<EntryRow> entriesOf(Digest digest) {
    return entries.of(digest);
  }

  @Override
  public List<EntryRow> entriesOf(RepoId repo, Set<Digest> digests) {
    return entries.of(repo, digests);
  }

  @Override
  public void putEntries(Collection<EntryRow> rows) {
    entries.put(rows);
  }

  @Override
  public void forgetContents(RepoId repo) {
    entries.forget(repo);
  }

  @Override
  public void putShown(ShownRow row) {
    shown.put(row);
  }

  @Override
  public List<ShownRow> shown(RepoId repo) {
    return shown.of(repo);
  }

  @Override
  public Set<RepoId> reposWithContents() {
    return entries.repos();
  }

  @Override
  public List<EntryRow> entries(RepoId repo) {
    return entries.of(repo);
  }

  @Override
  public void forgetCommit(RepoId repo, Commit commit) {
    entries.forget(repo, commit);
  }

  @Override
  public List<ShownRow> shownOf(Digest digest) {
    return shown.of(digest);
  }

  @Override
  public List<ShownRow> putInto(RepoId repo) {
    return shown.all(repo);
  }

  @Override
  public void forgetShown(List<ShownRow> rows) {
    shown.forget(rows);
  }

  @Override
  public Optional<DocumentRow> document(RepoId repo, String key) {
    return entries.document(repo, key);
  }

  @Override
  public void putDocument(DocumentRow row) {
    entries.putDocument(row);
  }

  @Override
  public void pruneDocuments(long count, long bytes) {
    entries.pruneDocuments(count, bytes);
  }

  @Override
  public void addTraffic(TrafficOf what, Collection<TrafficRow> rows) {
    use.addTraffic(what, rows);
  }

  @Override
  public void foldTraffic(Instant before, String passing, String together) {
    use.foldTraffic(before, passing, together);
  }

  @Override
  public List<TrafficRow> traffic(TrafficOf what, Instant since) {
    return use.traffic(what, since);
  }

  @Override
  public List<TrafficRow> trafficByDay(Instant since) {
    return use.trafficByDay(since);
  }

  @Override
  public void touch(Collection<Use> uses) {
    use.touch(uses);
  }

  @Override
  public CheckRows checks() {
    return checks;
  }

  @Override
  public Map<RepoId, Map<String, Instant>> lastUses() {
    return use.lastUses();
  }

  @Override
  public AccountRows access() {
    return access;
  }

  @Override
  public SpaceRows space() {
    return space;
  }

  @Override
  public ScanRows scans() {
    return scans;
  }

  @Override
  public DecisionRows decisions() {
    return decisions;
  }

  @Override
  public ModelRows models() {
    return models;
  }

  /** The writer goes last: it takes the write-ahead log into the file. */
  @Override
  public void close() {
    try (writer;
        readers) {
      // Closed in the reverse order of their naming.
    } catch (SQLException e) {
      throw Failures.of("close", where, e);
    }
    afterClose.run();
  }
}
