package dev.larder.upstream.huggingface;

import dev.larder.content.ByteRange;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import dev.larder.upstream.WireBody;
import dev.larder.upstream.WireResponse;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A body whose place in the object was checked against what was asked for, and whose length is
 * checked again while it is read.
 */
final class HubBody implements RemoteContent.Body {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final WireResponse response;
  private final WireBody wire;
  private final Place place;
  private final String what;
  private long position;

  /** Bytes {@code [start, end)} of {@code total}; -1 where nobody said. */
  private record Place(boolean partial, long start, long end, long total) {}

  private HubBody(WireResponse response, Place place, String what) {
    this.response = response;
    this.wire = response.body();
    this.place = place;
    this.what = what;
    this.position = place.start();
  }

  /** Throws {@code UpstreamLied} when {@code response}, a 200 or 206, cannot be what was asked. */
  static HubBody of(
      WireResponse response, @Nullable ByteRange range, @Nullable String validator, String what) {
    HubAnswers.checkPlain(response, what);
    if (response.status() == 200) {
      long length = response.body().declaredBytes();
      return new HubBody(response, new Place(false, 0, length, length), what);
    }
    Optional<String> tag = strongTag(response);
    if (validator != null && tag.isPresent() && !tag.get().equals(validator)) {
      throw HubAnswers.lied(response, what, "it is a part of another version than was asked for");
    }
    return new HubBody(response, place(response, range, what), what);
  }

  private static Place place(WireResponse response, @Nullable ByteRange range, String what) {
    var match = CONTENT_RANGE.matcher(response.fields().find("Content-Range").orElse(""));
    if (range == null || !match.matches()) {
      throw HubAnswers.lied(response, what, "it is a part that nobody asked for");
    }
    long start = Long.parseLong(match.group(1));
    long end = Long.parseLong(match.group(2)) + 1;
    long total = match.group(3).equals("*") ? -1 : Long.parseLong(match.group(3));
    long due = total < 0 ? range.end() : Math.min(range.end(), total);
    long length = response.body().declaredBytes();
    if (start != range.start() || end != due || (length >= 0 && length != end - start)) {
      throw HubAnswers.lied(response, what, "it is another part than was asked for");
    }
    return new Place(true, start, end, total);
  }

  private static Optional<String> strongTag(WireResponse response) {
    return response
        .fields()
        .find("ETag")
        .map(String::strip)
        .filter(tag -> tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\""));
  }

  @Override
  public boolean partial() {
    return place.partial();
  }

  @Override
  public long start() {
    return place.start();
  }

  @Override
  public long end() {
    return place.end();
  }

  @Override
  public long totalBytes() {
    return place.total();
  }

  @Override
  public Optional<String> validator() {
    return strongTag(response);
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    int got = wire.read(target, offset, length);
    if (got >= 0) {
      position += got;
      if (place.end() >= 0 && position > place.end()) {
        throw HubAnswers.lied(response, what, "it is longer than it says");
      }
    } else if (place.end() >= 0 && position < place.end()) {
      throw new UpstreamUnreachable(
          "Tried to read %s from %s, but it ended %d bytes too early. Trying again may help."
              .formatted(what, response.origin(), place.end() - position),
          false,
          null);
    }
    return got;
  }

  @Override
  public void close() {
    wire.close();
  }
}
