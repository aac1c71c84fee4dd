package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.EntryPath;
import dev.larder.testing.ForwardingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of blobs that fail in the middle. */
final class PrivateCopyTest {
  @TempDir Path root;

  /** A disk on which each copy ends with an Error, as when memory is short. */
  private static final class Short extends ForwardingDisk {
    Short() {
      super(new LocalDisk());
    }

    @Override
    public boolean cloneFile(Path from, Path to) {
      throw new OutOfMemoryError("Direct buffer memory");
    }
  }

  @Test
  void copy_thatEndsInAnError_takesNoRoomAndLeavesNothing() throws IOException {
    try (TestStore test = TestStore.in(root, new Short(), StoreLimits.none())) {
      LocalBlobStore store = test.store;
      try (BlobLease lease = store.lease(test.publish(new byte[] {1, 2, 3})).orElseThrow()) {
        SequencedMap<EntryPath, BlobLease> files = new LinkedHashMap<>();
        files.put(EntryPath.ordinary("a/model.data"), lease);

        assertThatThrownBy(() -> store.copy(files)).isInstanceOf(OutOfMemoryError.class);

        assertThat(store.space().reservedBytes()).isZero();
        try (Stream<Path> left = Files.list(root.resolve("larder/tmp"))) {
          assertThat(left).isEmpty();
        }
      }
    }
  }
}
