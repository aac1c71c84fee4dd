package dev.larder.serve.huggingface;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.http.Header;
import dev.larder.http.Request;
import dev.larder.mirror.CacheState;
import dev.larder.mirror.EntryHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of files that were asked for lately, read once, with the headers of their last answer.
 * Holds nothing about who may read them.
 */
final class HotRoutes {
  private static final int MOST = 4096;
  private static final int LONGEST_PATH = 512;

  private final Cache<String, File> files =
      Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

  /** One file's address. */
  static final class File {
    private final HubRoute.Resolve route;
    private final boolean pinned;
    private volatile @Nullable EntryHeaders last;

    File(HubRoute.Resolve route) {
      this.route = route;
      pinned = route.revision().commit().isPresent();
    }

    HubRoute.Resolve route() {
      return route;
    }

    List<Header> headers(EntryHead head, CacheState state) {
      EntryHeaders known = last;
      if (known == null || !known.fits(head, state)) {
        known = EntryHeaders.of(head, state, pinned);
        last = known;
      }
      return known.list();
    }
  }

  @Nullable File find(Request request) {
    return files.getIfPresent(request.rawPath());
  }

  File remember(Request request, HubRoute.Resolve route) {
    File file = new File(route);
    if (request.rawPath().length() <= LONGEST_PATH) {
      files.put(request.rawPath(), file);
    }
    return file;
  }
}
