package dev.larder.transfer;

import dev.larder.store.BlobStore;
import dev.larder.store.StagedBlob;
import dev.larder.upstream.RemoteContent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Real things, one of whose methods does something else first: what no script can provoke. */
final class Twisted {
  private Twisted() {}

  /** Called before the real method; throws what it likes. */
  interface Twist {
    void before(@Nullable Object[] arguments) throws Throwable;
  }

  /** Every attempt's {@code method} is twisted. */
  static BlobStore store(BlobStore real, String method, Twist twist) {
    return of(
        BlobStore.class,
        (called, arguments) -> {
          Object answer = invoke(real, called, arguments);
          return answer instanceof StagedBlob staged
              ? before(StagedBlob.class, staged, method, twist)
              : answer instanceof Optional<?> some
                      && some.orElse(null) instanceof StagedBlob resumed
                  ? Optional.of(before(StagedBlob.class, resumed, method, twist))
                  : answer;
        });
  }

  /** Every body's {@code read} is twisted. */
  static RemoteContent content(RemoteContent real, Twist twist) {
    return of(
        RemoteContent.class,
        (called, arguments) -> {
          Object answer = invoke(real, called, arguments);
          return answer instanceof RemoteContent.Body body
              ? before(RemoteContent.Body.class, body, "read", twist)
              : answer;
        });
  }

  /** {@code closed} is called before the body is closed. */
  static RemoteContent.Body closing(RemoteContent.Body real, Runnable closed) {
    return before(RemoteContent.Body.class, real, "close", _ -> closed.run());
  }

  private static <T> T before(Class<T> type, T real, String method, Twist twist) {
    return of(
        type,
        (called, arguments) -> {
          if (called.getName().equals(method)) {
            twist.before(arguments);
          }
          return invoke(real, called, arguments);
        });
  }

  private interface Call {
    @Nullable Object answer(Method called, @Nullable Object[] arguments) throws Throwable;
  }

  private static <T> T of(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, called, arguments) -> call.answer(called, arguments)));
  }

  private static @Nullable Object invoke(Object real, Method called, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return called.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
