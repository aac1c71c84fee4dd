package dev.larder.serve.huggingface;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest;

/** What a path of the hub asks for. */
sealed interface HubRoute {
  /** The bytes of one file. */
  record Resolve(RepoId repo, Revision revision, EntryPath path) implements HubRoute {}

  /** A document that the address alone names. */
  record Ask(DocumentRequest question) implements HubRoute {}

  /** A document about the paths that the request's body names. */
  record PathsInfo(RepoId repo, Revision revision) implements HubRoute {}

  /** A read that the hub alone answers. {@code path} begins with a slash, as it was sent. */
  record Pass(String path) implements HubRoute {}

  /** A read in git's protocol: {@code GET} of the refs, or {@code POST} of {@code pack}. */
  record Git(String path, boolean pack) implements HubRoute {}

  /** A write in git's protocol. */
  record Push() implements HubRoute {}

  /** Where large files of a repo are, asked as {@code git lfs} asks. */
  record LfsBatch(RepoId repo) implements HubRoute {}

  /** A large file that only its digest names, of {@code sizeBytes}. */
  record LfsObject(RepoId repo, Digest digest, long sizeBytes) implements HubRoute {}

  /** A known path, or one of the hub's, by a method that would change something there. */
  record Write() implements HubRoute {}

  /** Nothing that is served here. {@code why} is for people. */
  record Unknown(String why) implements HubRoute {}

  /** A name in the address is none. */
  record Bad(InvalidName reason) implements HubRoute {}
}
