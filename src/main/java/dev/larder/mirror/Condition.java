package dev.larder.mirror;

import dev.larder.content.RangeRequest;

/**
 * Makes what is wanted of a file depend on which file it turns out to be. Judged of the very file
 * that is answered, so that nothing can change in between. Pure.
 */
public interface Condition {
  /** Nothing depends on anything. */
  Condition NONE =
      new Condition() {
        @Override
        public boolean descriptionDoes(EntryHead head) {
          return false;
        }

        @Override
        public RangeRequest rangeOf(EntryHead head, RangeRequest asked) {
          return asked;
        }
      };

  /** Whether the description is all that is wanted, since its bytes are known to who asks. */
  boolean descriptionDoes(EntryHead head);

  /** Which bytes of {@code head} are wanted, when {@code asked} may be meant for others. */
  RangeRequest rangeOf(EntryHead head, RangeRequest asked);
}
