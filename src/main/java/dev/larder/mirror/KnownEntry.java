package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.upstream.huggingface.Found;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of one entry of one commit. */
sealed interface KnownEntry {
  /** It exists. {@code digest} is its blob's, once that is known to be in the store. */
  record Present(EntryHead head, @Nullable Digest digest) implements KnownEntry {}

  /** The hub said that the commit has no such entry. */
  record Absent(Commit commit, Instant at) implements KnownEntry {
    Found.Refusal refusal() {
      return new Found.Refusal(
          404, Found.Refusal.NO_ENTRY, "Entry not found", java.util.Optional.of(commit));
    }
  }
}
