package dev.larder.demo;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The other origin, where large files lie under signed addresses. */
final class Cdn {
  private final DemoRepo repo;
  private final FileSender sender;
  private final String signature;

  Cdn(DemoRepo repo, FileSender sender, String signature) {
    this.repo = repo;
    this.sender = sender;
    this.signature = signature;
  }

  void answer(HubCall call) throws IOException {
    Optional<DemoFile> found = repo.findLarge(call.segments().getLast());
    if (call.header("Authorization") != null) {
      // As signed stores do: one kind of permission or the other.
      call.error(400, null, "Only one auth mechanism allowed");
    } else if (!signature.equals(call.query().get("Signature"))) {
      call.error(403, null, "Access denied");
    } else if (found.isEmpty()) {
      call.error(404, null, "No such object");
    } else {
      sender.send(call, found.get());
    }
  }

  /** Path and query under which {@link #answer} gives the file. */
  String signedPath(DemoFile file) {
    String disposition = "inline; filename=\"" + file.path().fileName() + "\";";
    return "/repos/%s/%s?response-content-disposition=%s&Signature=%s&Key-Pair-Id=demo"
        .formatted(
            repo.commit().hex().substring(0, 12),
            file.digest().hex(),
            URLEncoder.encode(disposition, StandardCharsets.UTF_8),
            signature);
  }
}
