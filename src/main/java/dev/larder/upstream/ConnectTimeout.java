package dev.larder.upstream;

import java.io.IOException;
import java.net.SocketTimeoutException;

/** Nobody took the connection in time, or the name was not looked up in time. */
final class ConnectTimeout extends SocketTimeoutException {
  private static final long serialVersionUID = 1L;

  ConnectTimeout(IOException cause) {
    super(cause.getMessage());
    initCause(cause);
  }
}
