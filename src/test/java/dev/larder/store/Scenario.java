package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Identity;
import dev.larder.content.WritableFile;
import dev.larder.testing.Bytes;
import dev.larder.testing.MemoryLedger;
import dev.larder.testing.RecordingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What is done to a store while its changes are recorded. */
enum Scenario {
  PUBLISH {
    @Override
    void run(Run run) {
      run.publish(A, A_BYTES);
    }
  },
  PUBLISH_EXISTING {
    @Override
    void run(Run run) {
      run.publish(A, A_BYTES);
      run.publish(A, A_BYTES);
      run.publish(Bytes.gitId(B_BYTES), B_BYTES);
      run.publish(B, B_BYTES);
    }
  },
  RESUME {
    @Override
    void run(Run run) {
      StagedBlob staged = run.store.stage(A, A_BYTES.length, Map.of("repo", "a/b c"));
      staged.note("etag", "\"x\"");
      staged.write(20_000, Bytes.slice(A_BYTES, 20_000, 45_000));
      run.store.awaitBackground();
      staged.write(0, Bytes.slice(A_BYTES, 0, 9_000));
      staged.close();
      run.restart();
      for (StagedBlob resumed : run.store.resumable()) {
        resumed.write(9_000, Bytes.slice(A_BYTES, 9_000, A_BYTES.length));
        run.promise(resumed.commit(), true);
        resumed.close();
      }
    }
  },
  DISCARD {
    @Override
    void run(Run run) {
      StagedBlob staged = run.store.stage(A, A_BYTES.length, Map.of());
      staged.write(0, Bytes.slice(A_BYTES, 0, 30_000));
      staged.discard();
      staged.close();
      run.publish(A, A_BYTES);
    }
  },
  MISMATCH {
    @Override
    void run(Run run) {
      for (int attempt = 0; attempt < 2; attempt++) {
        try {
          run.publish(A, WRONG_BYTES);
          throw new AssertionError("wrong bytes were published");
        } catch (StoreException.BlobMismatch e) {
          // As it should be.
        }
      }
      run.publish(A, A_BYTES);
    }
  },
  REMOVE {
    @Override
    void run(Run run) {
      run.publish(A, A_BYTES);
      run.publish(B, B_BYTES);
      run.promise(A, false);
      run.store.remove(A);
      run.publish(A, A_BYTES);
      run.promise(B, false);
      run.store.remove(B);
    }
  },
  ADOPT {
    @Override
    void run(Run run) throws IOException {
      run.store.adopt(run.external("a", A_BYTES), A);
      run.promise(A, true);
      run.store.adopt(run.external("b", B_BYTES), Bytes.gitId(B_BYTES));
      run.promise(B, true);
      run.store.adopt(run.external("again", A_BYTES), A);
      try {
        run.store.adopt(run.external("wrong", WRONG_BYTES), A);
        throw new AssertionError("wrong bytes were adopted");
      } catch (StoreException.BlobMismatch e) {
        // As it should be.
      }
    }
  },
  INTAKE {
    @Override
    void run(Run run) {
      try (Intake intake = run.store.intake(A_BYTES.length)) {
        Digest a = intake.put(A, A_BYTES.length, Run.bytes(A_BYTES));
        Digest b = intake.put(Bytes.gitId(B_BYTES), B_BYTES.length, Run.bytes(B_BYTES));
        intake.seal();
        intake.publish(b);
        run.promise(b, true);
        intake.publish(a);
        run.promise(a, true);
      }
      try (Intake refused = run.store.intake(0)) {
        refused.put(B, B_BYTES.length, Run.bytes(B_BYTES));
        refused.put(A, A_BYTES.length, Run.bytes(WRONG_BYTES));
        throw new AssertionError("wrong bytes were taken in");
      } catch (StoreException.BlobMismatch e) {
        // As it should be.
      }
    }
  },
  LINK_OUT {
    @Override
    void run(Run run) throws IOException {
      run.publish(A, A_BYTES);
      run.disk.createDirectories(run.hub());
      run.store.linkTo(A, run.hub().resolve("a"));
      run.disk.delete(run.hub().resolve("a"));
      run.store.relinked(A);
    }
  },
  /** As a repair does: wrong bytes go, and the right ones come again. */
  QUARANTINE {
    @Override
    void run(Run run) throws IOException {
      run.publish(A, A_BYTES);
      run.publish(B, B_BYTES);
      run.disk.createDirectories(run.hub());
      run.store.linkTo(A, run.hub().resolve("a"));
      for (int time = 0; time < 2; time++) {
        run.promise(A, false);
        run.rewrite(A, WRONG_BYTES);
        run.quarantine(A, "verify found something else");
        run.publish(A, A_BYTES);
      }
      run.promise(B, false);
      run.quarantine(B, "somebody wanted it away");
    }
  },
  REWRITTEN {
    @Override
    void run(Run run) throws IOException {
      run.publish(A, A_BYTES);
      run.promise(A, false);
      run.rewrite(A, WRONG_BYTES);
      if (run.store.lease(A).isPresent()) {
        throw new AssertionError("rewritten bytes were given out");
      }
      run.publish(A, A_BYTES);
    }
  };

  static final byte[] A_BYTES = Bytes.of(11, 60_000);
  static final byte[] B_BYTES = Bytes.of(12, 5_000);
  static final byte[] WRONG_BYTES = Bytes.of(13, 60_000);
  static final Digest A = Bytes.digest(A_BYTES);
  static final Digest B = Bytes.digest(B_BYTES);

  /** Whatever an attempt at an identity may have been fed with. */
  static final Map<Identity, List<byte[]>> FED =
      Map.of(
          A,
          List.of(A_BYTES, WRONG_BYTES),
          B,
          List.of(B_BYTES),
          Bytes.gitId(B_BYTES),
          List.of(B_BYTES));

  abstract void run(Run run) throws IOException;

  /** One recorded run. */
  static final class Run {
    final RecordingDisk disk;
    private final Path root;
    private final BlobLedger ledger;
    LocalBlobStore store;

    Run(Path root, Disk disk) {
      this(root, disk, new MemoryLedger(), TestStore.BOOT);
    }

    Run(Path root, Disk disk, MemoryLedger ledger, String boot) {
      this.root = root;
      this.disk = new RecordingDisk(disk, root);
      this.ledger = this.disk.recording(ledger);
      this.store = open(boot);
    }

    private LocalBlobStore open(String boot) {
      return LocalBlobStore.open(
          root.resolve("larder"),
          disk,
          ledger,
          StoreLimits.none(),
          InstantSource.system(),
          TestStore.tuning(boot));
    }

    void restart() {
      store.close();
      store = open(TestStore.BOOT);
    }

    void publish(Identity expected, byte[] bytes) {
      try (StagedBlob staged = store.stage(expected, bytes.length, Map.of())) {
        int middle = bytes.length / 2;
        staged.write(middle, Bytes.slice(bytes, middle, bytes.length));
        staged.write(0, Bytes.slice(bytes, 0, middle));
        store.awaitBackground();
        promise(staged.commit(), true);
      }
    }

    /** As somebody does who may write to the blob's file. */
    void rewrite(Digest digest, byte[] bytes) throws IOException {
      disk.chmod(store.path(digest), 0644);
      try (WritableFile file = disk.reopen(store.path(digest))) {
        file.write(ByteBuffer.wrap(bytes), 0);
      }
    }

    void quarantine(Digest digest, String reason) throws IOException {
      Fingerprint seen = disk.stat(store.path(digest)).orElseThrow().fingerprint();
      if (!store.quarantine(digest, seen, reason)) {
        throw new AssertionError("it is another file by now");
      }
    }

    void promise(Digest digest, boolean stored) {
      disk.promise(digest, stored);
    }

    static Intake.Bytes bytes(byte[] bytes) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      return buffer -> {
        int count = Math.min(7_000, left.remaining());
        left.get(buffer, 0, count);
        return count == 0 ? -1 : count;
      };
    }

    Path hub() {
      return root.resolve("hub");
    }

    /** As somebody writes who never syncs. */
    Path external(String name, byte[] bytes) throws IOException {
      disk.createDirectories(hub());
      Path path = hub().resolve(name);
      try (WritableFile file = disk.create(path)) {
        file.write(ByteBuffer.wrap(bytes), 0);
      }
      return path;
    }
  }
}
