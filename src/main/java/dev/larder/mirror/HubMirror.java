package dev.larder.mirror;

import dev.larder.upstream.huggingface.DocumentRequest;
import org.jspecify.annotations.Nullable;

/** The cached view of one Hugging Face hub. Safe for concurrent use. */
public interface HubMirror {
  /**
   * The answer when memory alone gives it: never blocks, never waits for a lock, asks no database.
   * Null: use {@link #open}.
   */
  @Nullable Answer peek(EntryRequest request);

  /**
   * The answer, asking upstream when needed. Blocks. Whoever gets an {@link Answer.Ready}, {@link
   * Answer.Arriving} or {@link Answer.Passing} closes what is in it. Throws {@link
   * dev.larder.content.LarderException} when there is none.
   */
  Answer open(EntryRequest request);

  /** A document of the hub's API. Blocks. Same errors. */
  DocumentAnswer document(DocumentRequest request, Caller caller);
}
