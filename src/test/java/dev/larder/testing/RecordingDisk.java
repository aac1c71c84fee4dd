package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.ForwardingFile;
import dev.larder.content.WritableFile;
import dev.larder.store.BlobLedger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Passes everything on to another disk and writes down each change below one directory. */
public final class RecordingDisk extends ForwardingDisk {
  private final Path root;
  private final List<DiskOp> log = new ArrayList<>();
  private int handles;

  public RecordingDisk(Disk disk, Path root) {
    super(disk);
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
  public synchronized void link(Path existing, Path name) throws IOException {
    disk.link(existing, name);
    log.add(new DiskOp.Link(relative(existing), relative(name)));
  }

  @Override
  public boolean cloneFile(Path from, Path to) {
    return false;
  }

  @Override
  public synchronized void symlink(Path name, Path target) throws IOException {
    disk.symlink(name, target);
    log.add(new DiskOp.Symlink(relative(name), target.toString()));
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

  private final class RecordingFile extends ForwardingFile {
    private final int handle;

    RecordingFile(WritableFile file, int handle) {
      super(file);
      this.handle = handle;
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      byte[] copy = new byte[data.remaining()];
      data.duplicate().get(copy);
      synchronized (RecordingDisk.this) {
        super.write(data, position);
        log.add(new DiskOp.Write(handle, position, copy));
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (RecordingDisk.this) {
        super.sync();
        log.add(new DiskOp.Sync(handle));
      }
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      synchronized (RecordingDisk.this) {
        super.truncate(sizeBytes);
        log.add(new DiskOp.Truncate(handle, sizeBytes));
      }
    }
  }
}
