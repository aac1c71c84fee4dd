package dev.larder.mirror;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.LfsObjectId;
import dev.larder.upstream.huggingface.PassRequest;
import dev.larder.upstream.huggingface.Passed;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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

  /**
   * A read that is not cached: the hub's own answer to this caller, to be closed. Blocks until its
   * head is here. {@code request} is made when it is its turn: its body is read no sooner. Same
   * errors.
   */
  Found<Passed> pass(Supplier<PassRequest> request, Caller caller);

  /**
   * Where large files of a repo are, by their digests; {@code at} is the branch that the client
   * works on. Blocks. Same errors.
   */
  LfsAnswer lfs(RepoId repo, Optional<Revision> at, List<LfsObjectId> objects, Caller caller);

  /** The bytes of one that {@link #lfs} found to be {@link LfsPlace.Nameless}; to be closed. */
  Found<Passed> lfsObject(RepoId repo, LfsObjectId object, Caller caller);
}
