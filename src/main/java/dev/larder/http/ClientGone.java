package dev.larder.http;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;

/** The client closed the connection; nobody is left to answer. */
public final class ClientGone extends LarderException {
  private static final long serialVersionUID = 1L;

  public ClientGone(String message) {
    super(message);
  }

  @Override
  public String code() {
    return "client-gone";
  }

  @Override
  public Retry retry() {
    return Retry.never();
  }
}
