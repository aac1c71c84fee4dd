package dev.larder.testing;

import dev.larder.content.Digest;
import dev.larder.store.BlobLedger.State;

/**
 * One change that went to a disk or a ledger, in the order in which it happened. Paths are relative
 * to the recorded directory; a handle stands for the file that was open.
 */
public sealed interface DiskOp {
  record Create(String path, int handle) implements DiskOp {}

  record Reopen(String path, int handle) implements DiskOp {}

  record Write(int handle, long position, byte[] data) implements DiskOp {}

  record Truncate(int handle, long sizeBytes) implements DiskOp {}

  record Sync(int handle) implements DiskOp {}

  record SyncPath(String path) implements DiskOp {}

  record SyncDirectory(String path) implements DiskOp {}

  record Link(String existing, String name) implements DiskOp {}

  /** A symbolic link: durable with its name, whole or not at all. */
  record Symlink(String name, String text) implements DiskOp {}

  record Rename(String from, String to) implements DiskOp {}

  record Delete(String path) implements DiskOp {}

  record MakeDirectory(String path) implements DiskOp {}

  record Chmod(String path, int mode) implements DiskOp {}

  record LedgerPut(Digest digest, State state) implements DiskOp {}

  record LedgerForget(Digest digest) implements DiskOp {}

  /** From here on the scenario was told that {@code digest} is stored, or is not. */
  record Promise(Digest digest, boolean stored) implements DiskOp {}
}
