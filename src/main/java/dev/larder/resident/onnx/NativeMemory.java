package dev.larder.resident.onnx;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Memory that native code has freed. The allocator of glibc keeps most of it for itself when the
 * pieces were small or came from several threads, so that a model that was let go of would still
 * weigh on the machine.
 */
final class NativeMemory {
  private static final Optional<MethodHandle> TRIM =
      Linker.nativeLinker()
          .defaultLookup()
          .find("malloc_trim")
          .map(
              function ->
                  Linker.nativeLinker()
                      .downcallHandle(
                          function,
                          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));

  private NativeMemory() {}

  /**
   * Gives what is free back to the system, with any allocator but glibc's nothing. Takes some 50 ms
   * where there is much to give.
   */
  static void giveBack() {
    if (TRIM.isPresent()) {
      try {
        int _ = (int) TRIM.get().invokeExact(0L);
      } catch (Throwable e) {
        // What a handle throws by its signature; this function throws nothing.
        throw new IllegalStateException("Tried to give memory back to the system", e);
      }
    }
  }
}
