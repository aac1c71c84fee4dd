package dev.larder.store;

import dev.larder.content.Digest;
import java.nio.file.Path;

/** What {@link StoreOtherOwnerTest} runs as another user: {@code LARDER FILE DIGEST}. */
final class AdoptAsOther {
  private AdoptAsOther() {}

  /** Prints whether the file is served where it is, and its first byte as served. */
  public static void main(String[] arguments) {
    Digest digest = new Digest(arguments[2]);
    try (TestStore test = TestStore.in(Path.of(arguments[0]))) {
      test.store.adopt(Path.of(arguments[1]), digest);
      try (BlobLease lease = test.store.lease(digest).orElseThrow()) {
        System.out.println(
            test.store.inPlace(digest).map(BlobStore.InPlace::reason).orElse("taken over")
                + ", "
                + lease.sizeBytes()
                + " bytes, "
                + TestStore.read(lease)[0]);
      }
    }
  }
}
