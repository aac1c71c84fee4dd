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
import java.util.Optional;
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
  private final BlobTable blobs;
  private final RepoTable repos;
  private final EntryTable entries;
  private final UseTable use;

  JdbiCatalog(Lent readers, Lent writer, String where) {
    this.readers = readers;
    this.writer = writer;
    this.where = where;
    Sql sql = new Sql(Jdbi.create(readers), Jdbi.create(writer), where);
    blobs = new BlobTable(sql);
    repos = new RepoTable(sql);
    entries = new EntryTable(sql);
    use = new UseTable(sql);
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

  /** An empty catalog that is gone when it is closed: for a root that cannot be written. */
  public static Catalog openInMemory() {
    return CatalogOpening.inMemory();
  }

  /**
   * An open catalog. {@code empty}: nothing was in it, so whoever wants it to know the files that
   * are there tells it. {@code setAside}: where the damaged one lies now.
   */
  public record Opened(Catalog catalog, boolean empty, Optional<Path> setAside) {}

  @Override
  public List<BlobRow> blobs() {
    return blobs.all();
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
  public Optional<RefRow> ref(RepoId repo, Revision revision) {
    return repos.ref(repo, revision);
  }

  @Override
  public List<RefRow> refs(RepoId repo) {
    return repos.refs(repo);
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
  public void putEntries(Collection<EntryRow> rows) {
    entries.put(rows);
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
  public void addTraffic(Collection<TrafficRow> rows) {
    use.addTraffic(rows);
  }

  @Override
  public List<TrafficRow> traffic(Instant since) {
    return use.traffic(since);
  }

  @Override
  public void touch(Collection<Use> uses) {
    use.touch(uses);
  }

  @Override
  public Optional<Instant> lastUsed(RepoId repo) {
    return use.lastUsed(repo);
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
  }
}
