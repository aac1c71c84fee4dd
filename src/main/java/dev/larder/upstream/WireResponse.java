package dev.larder.upstream;

/** A response's head, and its body to be read. Close it. */
public record WireResponse(Origin origin, int status, Fields fields, WireBody body)
    implements AutoCloseable {

  /** Whether it points elsewhere. */
  public boolean redirect() {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /** Whether the same request may be answered later: 408, 429 and 5xx. */
  public boolean busy() {
    return status == 408 || status == 429 || status >= 500;
  }

  /** Reads a short rest, so that the connection can be used again, and closes. */
  @Override
  public void close() {
    body.discard();
    body.close();
  }
}
