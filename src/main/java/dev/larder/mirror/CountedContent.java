package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.ForwardingBody;
import dev.larder.upstream.RemoteContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Content whose bytes, and the time that they take to come, are counted in {@code tallies}. */
record CountedContent(RemoteContent content, List<Tally> tallies) implements RemoteContent {
  @Override
  public String description() {
    return content.description();
  }

  @Override
  public Body open(@Nullable ByteRange range, @Nullable String validator, Deadline by) {
    return new CountedBody(content.open(range, validator, by), tallies);
  }

  private static final class CountedBody extends ForwardingBody {
    private final List<Tally> tallies;

    CountedBody(RemoteContent.Body body, List<Tally> tallies) {
      super(body);
      this.tallies = tallies;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      long begin = System.nanoTime();
      int got = super.read(target, offset, length);
      if (got > 0) {
        long nanos = System.nanoTime() - begin;
        for (Tally tally : tallies) {
          tally.upstream.add(got);
          tally.upstreamNanos.add(nanos);
        }
      }
      return got;
    }
  }
}
