package dev.larder.cli;

import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import dev.larder.upkeep.VerifyTarget;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A repo as people have it at hand: by name, as {@code hf://} of HfFileSystem, or as the address of
 * one of the hub's pages. {@code files}: the file or folder that the address is of.
 */
record RepoAddress(RepoId repo, Optional<Revision> revision, List<String> files) {
  private static final String HF = "hf://";
  private static final Set<String> HOSTS = Set.of("huggingface.co", "www.huggingface.co", "hf.co");
  private static final Set<String> KINDS = Set.of("models", "datasets", "spaces");
  private static final Set<String> PAGES = Set.of("tree", "blob", "resolve", "raw", "commit");

  /** {@code hub}: the one that is asked. Throws {@link UsageException} for another site's page. */
  static RepoAddress parse(String text, URI hub) {
    if (text.startsWith(HF)) {
      return ofFileSystem(text, segments(text.substring(HF.length())));
    }
    if (text.startsWith("https://") || text.startsWith("http://")) {
      return ofPage(text, hub);
    }
    VerifyTarget named = VerifyTarget.parse(text);
    return new RepoAddress(named.repo(), named.revision(), List.of());
  }

  /** {@code [datasets/|spaces/]org/name[@revision][/path]}. */
  private static RepoAddress ofFileSystem(String text, List<String> segments) {
    Named named = named(text, segments);
    int parts = Math.min(2, named.rest().size());
    boolean ref = named.rest().get(parts - 1).endsWith("@refs");
    List<String> name =
        named.rest().subList(0, ref ? Math.min(parts + 2, named.rest().size()) : parts);
    String joined = String.join("/", name);
    int at = joined.indexOf('@');
    Optional<Revision> revision =
        at < 0 ? Optional.empty() : Optional.of(new Revision(decoded(joined.substring(at + 1))));
    return new RepoAddress(
        new RepoId(named.kind(), at < 0 ? joined : joined.substring(0, at)),
        revision,
        file(named.rest().subList(name.size(), named.rest().size()), text.endsWith("/")));
  }

  private static RepoAddress ofPage(String text, URI hub) {
    URI page = uri(text);
    String hubPath = hub.getRawPath().endsWith("/") ? hub.getRawPath() : hub.getRawPath() + "/";
    boolean upstream =
        String.valueOf(page.getRawAuthority()).equals(hub.getRawAuthority())
            && page.getRawPath().startsWith(hubPath);
    if (!upstream && !HOSTS.contains(String.valueOf(page.getHost()))) {
      throw new UsageException(
          "%s is not a page of the hub that is asked, %s; give the repo by its name, like org/name."
              .formatted(text, hub.getAuthority()));
    }
    String path = page.getRawPath().substring(upstream ? hubPath.length() : 0);
    Named named = named(text, segments(path));
    List<String> rest = named.rest();
    int parts = rest.size() > 1 && !PAGES.contains(rest.get(1)) ? 2 : 1;
    RepoId repo = new RepoId(named.kind(), String.join("/", rest.subList(0, parts)));
    if (rest.size() == parts) {
      return new RepoAddress(repo, Optional.empty(), List.of());
    }
    if (!PAGES.contains(rest.get(parts)) || rest.size() == parts + 1) {
      throw new UsageException(
          "%s is not a page of a repo's files; give the repo alone: %s.".formatted(text, repo));
    }
    return ofFiles(repo, rest.get(parts), rest.subList(parts + 1, rest.size()));
  }

  private static RepoAddress ofFiles(RepoId repo, String page, List<String> after) {
    // Some pages leave the slashes of refs/pr/1 as they are.
    int parts = after.getFirst().equals("refs") && after.size() >= 3 ? 3 : 1;
    Revision revision = new Revision(decoded(String.join("/", after.subList(0, parts))));
    List<String> below = after.subList(parts, after.size());
    return new RepoAddress(repo, Optional.of(revision), file(below, page.equals("tree")));
  }

  private static List<String> file(List<String> segments, boolean folder) {
    return segments.isEmpty()
        ? List.of()
        : List.of(decoded(String.join("/", segments)) + (folder ? "/" : ""));
  }

  private record Named(RepoKind kind, List<String> rest) {}

  private static Named named(String text, List<String> segments) {
    boolean kind = segments.size() > 1 && KINDS.contains(segments.getFirst());
    Named named =
        kind
            ? new Named(RepoKind.of(segments.getFirst()), segments.subList(1, segments.size()))
            : new Named(RepoKind.MODEL, segments);
    if (named.rest().isEmpty() || named.rest().getFirst().equals("buckets")) {
      throw new UsageException(
          "%s names no repo; write it like org/name, datasets/org/name or spaces/org/name."
              .formatted(text));
    }
    return named;
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(Arrays.asList(path.split("/", -1)));
    segments.removeIf(String::isEmpty);
    return List.copyOf(segments);
  }

  private static URI uri(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getRawPath() == null ? uri.resolve("/") : uri;
    } catch (IllegalArgumentException e) {
      throw new UsageException("%s is not an address: %s.".formatted(text, e.getMessage()));
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new UsageException("'%s' is badly escaped: %s.".formatted(text, e.getMessage()));
    }
  }
}
