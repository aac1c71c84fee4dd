package dev.larder.mirror;

import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import dev.larder.upstream.huggingface.Found;
import java.util.Map;
import java.util.Optional;

/** What became of a question where large files of a repo are. */
public sealed interface LfsAnswer {
  /** {@code unasked}: why it is not known whether the repo has the others. */
  record Here(Map<Digest, LfsPlace> places, Optional<LarderException> unasked)
      implements LfsAnswer {}

  record Refused(Found.Refusal reason) implements LfsAnswer {}
}
