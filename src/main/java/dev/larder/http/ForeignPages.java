package dev.larder.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a browser sends for a page of another site. Such a page can use whatever rights the
 * browser's machine has here.
 */
public final class ForeignPages {
  private ForeignPages() {}

  /** Throws {@link HttpException.NotAllowed} for what is more than a look. */
  public static void refuse(Request request) {
    String origin = request.header("Origin");
    if (origin == null || isRead(request) || isOwn(origin, request)) {
      return;
    }
    throw new HttpException.NotAllowed(
        "A page of another site may neither change nor use anything here.");
  }

  /** Whether it only looks. */
  public static boolean isRead(Request request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  private static boolean isOwn(String origin, Request request) {
    String page = origin.toLowerCase(Locale.ROOT);
    return page.equals(originOf(request.publicUrl()))
        || page.substring(page.indexOf("//") + 2).equals(lower(request.header("Host")));
  }

  private static String originOf(String url) {
    int path = url.indexOf('/', url.indexOf("//") + 2);
    return (path < 0 ? url : url.substring(0, path)).toLowerCase(Locale.ROOT);
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
