package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the tree can say in the hub's place when the hub cannot be asked and no answer of its own
 * was kept, as after the catalog was lost: the description of a snapshot and the listing of its
 * files. Only where the tree has the whole listing, since a client takes these for all there is.
 * What only the hub knows is left out.
 */
final class TreeDocuments {

  private final HubTree tree;

  TreeDocuments(HubTree tree) {
    this.tree = tree;
  }

  Optional<Document> answer(DocumentRequest request) {
    return switch (request) {
      case DocumentRequest.Info(RepoId repo, Optional<Revision> revision, String query) ->
          query.isEmpty() ? info(repo, revision.orElse(Revision.MAIN)) : Optional.empty();
      case DocumentRequest.Tree(
              RepoId repo,
              Revision revision,
              var path,
              boolean recursive,
              boolean expand) ->
          path.isEmpty() && recursive && !expand ? listing(repo, revision) : Optional.empty();
      case DocumentRequest.Refs _,
          DocumentRequest.PathsInfo _,
          DocumentRequest.Commits _,
          DocumentRequest.Raw _,
          DocumentRequest.AuthCheck _,
          DocumentRequest.Search _,
          DocumentRequest.WhoAmI _ ->
          Optional.empty();
    };
  }

  private Optional<Document> info(RepoId repo, Revision revision) {
    return commit(repo, revision)
        .flatMap(
            commit ->
                tree.listing(repo, commit)
                    .map(
                        files ->
                            json(
                                new TreeMap<>(
                                    Map.of(
                                        "id", repo.name(),
                                        "sha", commit.hex(),
                                        "siblings",
                                            files.stream()
                                                .map(TreeDocuments::sibling)
                                                .toList())))));
  }

  private static Map<String, String> sibling(ListedFile file) {
    return Map.of("rfilename", file.path().value());
  }

  private Optional<Document> listing(RepoId repo, Revision revision) {
    return commit(repo, revision)
        .flatMap(commit -> tree.listing(repo, commit))
        .map(files -> json(files.stream().map(TreeDocuments::entry).toList()));
  }

  private Optional<Commit> commit(RepoId repo, Revision revision) {
    return revision.commit().or(() -> tree.ref(repo, revision));
  }

  private static Map<String, Object> entry(ListedFile file) {
    Map<String, Object> entry = new TreeMap<>();
    entry.put("type", "file");
    entry.put("oid", file.blobId());
    entry.put("size", file.sizeBytes());
    entry.put("path", file.path().value());
    file.lfsSha256().ifPresent(digest -> entry.put("lfs", lfs(digest, file.sizeBytes())));
    return entry;
  }

  /** The pointer's size follows from its text. https://github.com/git-lfs/git-lfs, docs/spec.md */
  private static Map<String, Object> lfs(Digest digest, long sizeBytes) {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
            .formatted(digest.hex(), sizeBytes);
    int pointerSize = pointer.getBytes(StandardCharsets.US_ASCII).length;
    return new TreeMap<>(
        Map.of("oid", digest.hex(), "size", sizeBytes, "pointerSize", pointerSize));
  }

  static Document json(Object value) {
    return Document.json(JsonMapper.shared().writeValueAsBytes(value));
  }
}
