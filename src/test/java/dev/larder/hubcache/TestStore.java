package dev.larder.hubcache;

import dev.larder.content.Digest;
import dev.larder.store.BlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Blobs in a folder. */
final class TestStore {
  final Path folder;
  final BlobStore store;

  TestStore(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    store =
        (BlobStore)
            Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(),
                new Class<?>[] {BlobStore.class},
                (_, method, arguments) ->
                    switch (method.getName()) {
                      case "path" -> folder.resolve(((Digest) arguments[0]).hex());
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
  }

  Digest add(byte[] bytes) {
    try {
      Digest digest = Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes));
      Path file = folder.resolve(digest.hex());
      if (!Files.exists(file)) {
        Files.write(file, bytes);
        Files.setAttribute(file, "unix:mode", 0444);
      }
      return digest;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
