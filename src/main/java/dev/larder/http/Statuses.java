package dev.larder.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/** Words beside the numbers. */
final class Statuses {
  private Statuses() {}

  static String phrase(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }

  /** RFC 9110 §8.6: these have no length of their own. */
  static boolean hasNoBody(int status) {
    return status == 204 || status == 304 || status < 200;
  }
}
