package dev.larder.app;

import dev.larder.content.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A cache directory as versions of huggingface_hub leave it, written by hand. */
record PythonTree(Path hub) {
  static final String MARKER = ".huggingface-shared-blobs";

  /** Makes {@code refs/main} name {@code commit}. */
  void ref(String folder, Commit commit) throws IOException {
    put(hub.resolve(folder).resolve("refs/main"), commit.hex().getBytes());
  }

  /** As ever: a blob and a link to it. */
  Path linked(String folder, Commit commit, String path, String etag, byte[] bytes)
      throws IOException {
    Path blob = put(hub.resolve(folder).resolve("blobs").resolve(etag), bytes);
    link(folder, commit, path, etag);
    return blob;
  }

  /** Without symbolic links: the file itself lies in the snapshot. */
  Path real(String folder, Commit commit, String path, byte[] bytes) throws IOException {
    return put(snapshot(folder, commit).resolve(path), bytes);
  }

  /** Since 2.0: the bytes lie in a store that all repos share. */
  Path shared(String folder, Commit commit, String path, String etag, String xet, byte[] bytes)
      throws IOException {
    put(hub.resolve("blobs").resolve(MARKER), "1\n".getBytes());
    Path store = hub.resolve("blobs").resolve(xet.substring(0, 2));
    Path shared = store.resolve(xet);
    if (Files.notExists(shared)) {
      put(shared, bytes);
      Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("r--r--r--"));
      put(store.resolve(xet + ".lock"), new byte[0]);
      put(store.resolve(xet + ".refs"), new byte[0]);
    }
    Path blob = hub.resolve(folder).resolve("blobs").resolve(etag);
    Files.createDirectories(blob.getParent());
    Files.createSymbolicLink(blob, Path.of("../../blobs", xet.substring(0, 2), xet));
    Path refs = store.resolve(xet + ".refs");
    Files.writeString(refs, Files.readString(refs) + hub.relativize(blob) + "\n");
    link(folder, commit, path, etag);
    return shared;
  }

  Path snapshot(String folder, Commit commit) {
    return hub.resolve(folder).resolve("snapshots").resolve(commit.hex());
  }

  /** A snapshot's link to a blob of the repo. */
  void link(String folder, Commit commit, String path, String etag) throws IOException {
    Path link = snapshot(folder, commit).resolve(path);
    Files.createDirectories(link.getParent());
    String up = "../".repeat(Path.of(path).getNameCount() + 1);
    Files.createSymbolicLink(link, Path.of(up + "blobs/" + etag));
  }

  static Path put(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }
}
