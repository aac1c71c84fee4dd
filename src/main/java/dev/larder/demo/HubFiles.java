package dev.larder.demo;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * The file routes. A file kept in git is a relative redirect to {@code /api/resolve-cache}; a large
 * one an absolute redirect to a signed address of another origin, with the file's own identity and
 * size on the redirect.
 */
final class HubFiles {
  private final DemoRepo repo;
  private final FileSender sender;
  private final Function<DemoFile, String> signedAddress;

  /**
   * @param signedAddress where the other origin gives a large file, absolute
   */
  HubFiles(DemoRepo repo, FileSender sender, Function<DemoFile, String> signedAddress) {
    this.repo = repo;
    this.sender = sender;
    this.signedAddress = signedAddress;
  }

  void resolve(HubCall call, String path) throws IOException {
    Optional<DemoFile> found = repo.find(path);
    if (found.isEmpty()) {
      call.entryNotFound(repo.commit());
      return;
    }
    DemoFile file = found.get();
    call.with("X-Repo-Commit", repo.commit().hex()).with("Accept-Ranges", "bytes");
    if (file.large()) {
      call.with("X-Linked-Etag", file.etag())
          .with("X-Linked-Size", Long.toString(file.sizeBytes()))
          .redirect(302, signedAddress.apply(file));
    } else {
      call.with("ETag", file.etag()).redirect(307, resolveCache(call, file));
    }
  }

  /** The target of a git file's redirect. */
  void cached(HubCall call, String commit, String path) throws IOException {
    Optional<DemoFile> found = repo.find(path).filter(file -> !file.large());
    if (found.isEmpty() || !commit.equals(repo.commit().hex())) {
      call.entryNotFound(repo.commit());
      return;
    }
    call.with("X-Repo-Commit", repo.commit().hex());
    sender.send(call, found.get());
  }

  /** What git itself holds: for a large file its pointer. */
  void raw(HubCall call, String path) throws IOException {
    Optional<DemoFile> found = repo.find(path);
    if (found.isEmpty()) {
      call.entryNotFound(repo.commit());
      return;
    }
    DemoFile file = found.get();
    call.with("X-Repo-Commit", repo.commit().hex());
    if (file.large()) {
      call.with("ETag", "\"" + file.oid().hex() + "\"")
          .with("Content-Type", "text/plain; charset=utf-8")
          .bytes(200, file.pointer());
    } else {
      sender.send(call, file);
    }
  }

  private String resolveCache(HubCall call, DemoFile file) {
    return "/api/resolve-cache/models/%s/%s/%s?%s=&etag=%s"
        .formatted(
            repo.id().name(),
            repo.commit().hex(),
            file.path(),
            encoded(call.rawPath()),
            encoded(file.etag()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
