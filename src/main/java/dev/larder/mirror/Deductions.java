package dev.larder.mirror;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.DocumentRequest.Info;
import dev.larder.upstream.huggingface.DocumentRequest.PathsInfo;
import dev.larder.upstream.huggingface.DocumentRequest.Refs;
import dev.larder.upstream.huggingface.DocumentRequest.Tree;
import dev.larder.upstream.huggingface.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What kept answers about a commit say of other questions about it: a commit never changes, and its
 * listing names all that is in it. Nothing is told in part. Says nothing about who may be told.
 */
final class Deductions {
  private static final String WITH_FILES = "blobs=true";

  private final KeptDocuments rows;
  private final TreeDocuments tree;
  private final Function<RepoId, Map<Revision, Commit>> refs;

  Deductions(KeptDocuments rows, TreeDocuments tree, Function<RepoId, Map<Revision, Commit>> refs) {
    this.rows = rows;
    this.tree = tree;
    this.refs = refs;
  }

  /** From the hub's own answers. */
  Optional<Document> answer(DocumentRequest request) {
    return switch (request) {
      case Tree(RepoId repo, Revision revision, var path, boolean all, boolean expand) ->
          expand || DocumentKeys.isWholeTree(request)
              ? Optional.empty()
              : kept(repo, revision)
                  .flatMap(listing -> listing.below(text(path), all))
                  .map(TreeDocuments::json);
      case PathsInfo(RepoId repo, Revision revision, var paths, boolean expand) ->
          expand
              ? Optional.empty()
              : kept(repo, revision).flatMap(listing -> listing.at(paths)).map(TreeDocuments::json);
      case Info info -> info(info);
      default -> Optional.empty();
    };
  }

  /** Also from what Python or Larder wrote down, for when the hub cannot be asked. */
  Optional<Document> instead(DocumentRequest request) {
    return answer(request).or(() -> tree.answer(request)).or(() -> writtenDown(request));
  }

  private Optional<Document> writtenDown(DocumentRequest request) {
    return switch (request) {
      case PathsInfo(RepoId repo, Revision revision, var paths, boolean expand) ->
          expand
              ? Optional.empty()
              : inTree(repo, revision)
                  .flatMap(listing -> listing.at(paths))
                  .map(TreeDocuments::json);
      case Refs(RepoId repo, _) -> {
        Map<Revision, Commit> known = refs.apply(repo);
        yield known.isEmpty()
            ? Optional.empty()
            : Optional.of(TreeDocuments.json(RefsDocument.of(known)));
      }
      default -> Optional.empty();
    };
  }

  /** That a listing is asked for of a directory which the commit does not have. */
  Optional<Found.Refusal> absence(DocumentRequest request) {
    return request instanceof Tree(RepoId repo, Revision revision, var path, _, _)
            && path.isPresent()
            && kept(repo, revision)
                .or(() -> inTree(repo, revision))
                .filter(listing -> listing.lacks(text(path)))
                .isPresent()
        ? revision
            .commit()
            .map(at -> new Found.Refusal(404, Found.Refusal.NO_ENTRY, "", Optional.of(at)))
        : Optional.empty();
  }

  private Optional<CommitListing> kept(RepoId repo, Revision revision) {
    return revision
        .commit()
        .flatMap(commit -> rows.find(repo, DocumentKeys.wholeTree(commit)))
        .map(DocumentRow::body)
        .flatMap(CommitListing::of);
  }

  private Optional<CommitListing> inTree(RepoId repo, Revision revision) {
    return revision
        .commit()
        .map(Commit::hex)
        .map(hex -> new Tree(repo, new Revision(hex), Optional.empty(), true, false))
        .flatMap(tree::answer)
        .map(Document::body)
        .flatMap(CommitListing::of);
  }

  private static String text(Optional<EntryPath> path) {
    return path.map(EntryPath::value).orElse("");
  }

  /** The plain description from the one with sizes and hashes, and that one from both listings. */
  private Optional<Document> info(Info asked) {
    Optional<Revision> commit = asked.revision().filter(at -> at.commit().isPresent());
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    return switch (asked.query()) {
      case "" ->
          row(asked.repo(), commit.get(), WITH_FILES)
              .map(FileDetails::without)
              .map(TreeDocuments::json);
      case WITH_FILES ->
          row(asked.repo(), commit.get(), "")
              .flatMap(
                  info ->
                      kept(asked.repo(), commit.get())
                          .flatMap(files -> FileDetails.with(info, files)))
              .map(TreeDocuments::json);
      default -> Optional.empty();
    };
  }

  private Optional<JsonNode> row(RepoId repo, Revision commit, String query) {
    return rows.find(repo, DocumentKeys.key(new Info(repo, Optional.of(commit), query)))
        .map(row -> JsonMapper.shared().readTree(row.body()));
  }

  private static Document json(List<JsonNode> entries) {
    return TreeDocuments.json(entries);
  }
}
