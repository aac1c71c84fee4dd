package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real catalog whose calls are noted, and whose writes can be made to fail. */
final class WatchedCatalog {
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Catalog proxy;
  volatile boolean failing;
  volatile Runnable beforeTraffic = () -> {};

  WatchedCatalog(Catalog catalog) {
    proxy =
        (Catalog)
            Proxy.newProxyInstance(
                Catalog.class.getClassLoader(),
                new Class<?>[] {Catalog.class},
                (_, method, arguments) -> {
                  calls.add(method.getName());
                  if (method.getName().equals("addTraffic")) {
                    beforeTraffic.run();
                  }
                  if (failing && method.getReturnType() == void.class) {
                    throw new CatalogException("The disk of the catalog is full.", null);
                  }
                  try {
                    return method.invoke(catalog, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  Catalog proxy() {
    return proxy;
  }

  List<String> calls() {
    return calls;
  }
}
