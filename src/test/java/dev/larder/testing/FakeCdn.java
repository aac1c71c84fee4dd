package dev.larder.testing;

import dev.larder.content.RepoId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The host that holds the bytes of large files. It takes a signature and no token. */
final class FakeCdn {
  private final FakeHub hub;
  private final Map<String, FakeFile> files = new ConcurrentHashMap<>();

  FakeCdn(FakeHub hub) {
    this.hub = hub;
  }

  String address(String base, RepoId repo, String path, FakeFile file) {
    String key = "/repos/" + repo.folder() + "/" + file.identity();
    files.put(key, file);
    return base
        + key
        + "?response-content-disposition=inline%3B+filename%3D%22"
        + URLEncoder.encode(path, StandardCharsets.UTF_8)
        + "%22&Policy=eyJTdGF0ZW1lbnQiOlt7fV19&Signature="
        + hub.signature();
  }

  HubReply answer(HubRequest request) {
    FakeFile file = files.get(request.path());
    if (request.authorized()) {
      return HubReply.text(
          400, "application/xml", "<Error>Only one auth mechanism allowed</Error>");
    }
    if (file == null || !request.query().endsWith("Signature=" + hub.signature())) {
      return HubReply.text(403, "application/xml", "<Error>Request has expired</Error>");
    }
    return HubReply.file(file.content(), file.identity(), request)
        .with("Content-Type", "application/octet-stream")
        .with("X-Cache", "Hit from cloudfront");
  }
}
