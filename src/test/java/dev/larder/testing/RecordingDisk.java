package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.WritableFile;
import dev.larder.store.BlobLedger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Passes everything on to another disk and writes down each change below one directory. */
public final class RecordingDisk implements Disk {
  private final Disk disk;
  private final Path root;
  private final List<DiskOp> log = new ArrayList<>();
  private int handles;

  public RecordingDisk(Disk disk, Path root) {
    this.disk = disk;
    this.root = root.toAbsolutePath().normalize();
  }

  public synchronized List<DiskOp> log() {
    return List.copyOf(log);
  }

  public synchronized void promise(Digest digest, boolean stored) {
    log.add(new DiskOp.Promise(digest, stored));
  }

  /** A ledger whose changes go into the same log. */
  public BlobLedger recording(BlobLedger ledger) {
    return new BlobLedger() {
      @Override
      public Collection<BlobRow> rows() {
        return ledger.rows();
      }

      @Override
      public void put(BlobRow row) {
        synchronized (RecordingDisk.this) {
          ledger.put(row);
          log.add(new DiskOp.LedgerPut(row.digest(), row.state()));
        }
      }

      @Override
      public void forget(Digest digest) {
        synchronized (RecordingDisk.this) {
          ledger.forget(digest);
          log.add(new DiskOp.LedgerForget(digest));
        }
      }
    };
  }

  private String relative(Path path) {
    return root.relativize(path.toAbsolutePath().normalize()).toString();
  }

  @Override
  public synchronized WritableFile create(Path path) throws IOException {
    WritableFile file = disk.create(path);
    log.add(new DiskOp.Create(relative(path), ++handles));
    return new RecordingFile(file, handles);
  }

  @Override
  public synchronized WritableFile reopen(Path path) throws IOException {
    WritableFile file = disk.reopen(path);
    log.add(new DiskOp.Reopen(relative(path), ++handles));
    return new RecordingFile(file, handles);
  }

  @Override
  public FileChannel openRead(Path path) throws IOException {
    return disk.openRead(path);
  }

  @Override
  public synchronized void link(Path existing, Path name) throws IOException {
    disk.link(existing, name);
    log.add(new DiskOp.Link(relative(existing), relative(name)));
  }

  @Override
  public boolean cloneFile(Path from, Path to) {
    return false;
  }

  @Override
  public void symlink(Path name, Path target) {
    throw new UnsupportedOperationException("the recording knows no symbolic links");
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
    log.add(new DiskOp.Rename(relative(from), relative(to)));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    if (disk.stat(path).isPresent()) {
      disk.delete(path);
      log.add(new DiskOp.Delete(relative(path)));
    }
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path at = directory; disk.stat(at).isEmpty(); at = at.getParent()) {
      missing.addFirst(at);
    }
    disk.createDirectories(directory);
    for (Path made : missing) {
      log.add(new DiskOp.MakeDirectory(relative(made)));
      log.add(new DiskOp.SyncDirectory(relative(made.getParent())));
    }
  }

  @Override
  public synchronized void syncFile(Path path) throws IOException {
    disk.syncFile(path);
    log.add(new DiskOp.SyncPath(relative(path)));
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    disk.syncDirectory(directory);
    log.add(new DiskOp.SyncDirectory(relative(directory)));
  }

  @Override
  public synchronized void chmod(Path path, int mode) throws IOException {
    disk.chmod(path, mode);
    log.add(new DiskOp.Chmod(relative(path), mode));
  }

  @Override
  public Optional<FileStat> stat(Path path) throws IOException {
    return disk.stat(path);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    return disk.freeBytes(path);
  }

  private final class RecordingFile implements WritableFile {
    private final WritableFile file;
    private final int handle;

    RecordingFile(WritableFile file, int handle) {
      this.file = file;
      this.handle = handle;
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      byte[] copy = new byte[data.remaining()];
      data.duplicate().get(copy);
      synchronized (RecordingDisk.this) {
        file.write(data, position);
        log.add(new DiskOp.Write(handle, position, copy));
      }
    }

    @Override
    public FileChannel channel() {
      return file.channel();
    }

    @Override
    public void sync() throws IOException {
      synchronized (RecordingDisk.this) {
        file.sync();
        log.add(new DiskOp.Sync(handle));
      }
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      synchronized (RecordingDisk.this) {
        file.truncate(sizeBytes);
        log.add(new DiskOp.Truncate(handle, sizeBytes));
      }
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
