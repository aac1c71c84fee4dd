package dev.larder.http;

/** The client closed the connection; nobody is left to answer. */
public final class ClientGone extends HttpException {
  private static final long serialVersionUID = 1L;

  public ClientGone(String message) {
    super("client-gone", message, null);
  }
}
