package dev.larder.upstream.huggingface;

import dev.larder.content.Digest;
import dev.larder.upstream.Redirects.Landing;
import dev.larder.upstream.WireBody;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of one large file, hashed as they pass. The last piece is held back until they are what
 * the digest says: nobody gets a whole file that is another one.
 */
final class LfsBody implements Passed {
  private static final int PIECE_BYTES = 64 << 10;

  private final Landing landing;
  private final LfsObjectId object;
  private final String what;

  LfsBody(Landing landing, LfsObjectId object, String what) {
    this.landing = landing;
    this.object = object;
    this.what = what;
  }

  @Override
  public int status() {
    return 200;
  }

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("etag", '"' + object.digest().hex() + '"');
  }

  @Override
  public Optional<String> nextQuery() {
    return Optional.empty();
  }

  @Override
  public long sizeBytes() {
    return object.sizeBytes();
  }

  @Override
  public void writeTo(OutputStream out) {
    MessageDigest hash = Digest.hasher();
    WireBody body = landing.response().body();
    byte[] next = new byte[PIECE_BYTES];
    byte[] held = new byte[PIECE_BYTES];
    int heldBytes = 0;
    long total = 0;
    try {
      for (int count; (count = body.read(next, 0, next.length)) >= 0; ) {
        if (count == 0) {
          continue;
        }
        total += count;
        if (total > object.sizeBytes()) {
          throw otherBytes();
        }
        hash.update(next, 0, count);
        out.write(held, 0, heldBytes);
        byte[] written = held;
        held = next;
        heldBytes = count;
        next = written;
      }
      if (!Digest.of(hash.digest()).equals(object.digest()) || total != object.sizeBytes()) {
        throw otherBytes();
      }
      out.write(held, 0, heldBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RuntimeException otherBytes() {
    return HubAnswers.lied(landing.response(), what, "its bytes are not those of the digest");
  }

  @Override
  public void close() {
    landing.close();
  }
}
