package dev.larder.mirror;

import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.Found;

/** What became of a request for a document. */
public sealed interface DocumentAnswer {
  record Here(Document document, CacheState state) implements DocumentAnswer {}

  record Refused(Found.Refusal reason, CacheState state) implements DocumentAnswer {}
}
