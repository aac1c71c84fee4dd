package dev.larder.serve.huggingface;

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

  /** Nothing that is served here. {@code why} is for people. */
  record Unknown(String why) implements HubRoute {}

  /** A name in the address is none. */
  record Bad(InvalidName reason) implements HubRoute {}
}
