package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.testing.Bytes;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A public repo is closed at the very moment at which something of it appears in the tree. */
final class ClosedMeanwhileTest extends MirrorFixture {
  private final AtomicReference<String> closing = new AtomicReference<>("");
  private final AtomicReference<@Nullable Answer> refused = new AtomicReference<>();
  private final AtomicReference<Thread> closer = new AtomicReference<>(new Thread());

  @BeforeEach
  void watchTree() {
    HubTree real = tree;
    tree =
        (HubTree)
            Proxy.newProxyInstance(
                HubTree.class.getClassLoader(),
                new Class<?>[] {HubTree.class},
                (_, method, arguments) -> {
                  String what = closing.get();
                  if (method.getName().equals(what) && closing.compareAndSet(what, "")) {
                    close();
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    begin(false);
  }

  /** Returns when somebody was refused, or waits with that until what is written is written. */
  private void close() {
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    now = now.plus(Duration.ofMinutes(2));
    Thread thread =
        Thread.ofPlatform()
            .start(() -> refused.set(mirror.open(asking("config.json", Caller.ANONYMOUS))));
    closer.set(thread);
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish", "writeListing", "writeRef", "writeNoExist"})
  void publicRepo_closedWhileSomethingAppears_leavesNothingInTheTree(String what)
      throws InterruptedException {
    Commit commit = repo.lfs("one.bin", Bytes.of(1, 1000)).file("config.json", "{}").commit("main");
    if (what.equals("writeNoExist")) {
      get(asking("one.bin", Caller.ANONYMOUS));
    } else {
      mirror.document(
          new DocumentRequest.Tree(REPO, new Revision(commit.hex()), Optional.empty(), true, false),
          Caller.ANONYMOUS);
    }
    closing.set(what);
    get(asking(what.equals("writeNoExist") ? "none.bin" : "one.bin", Caller.ANONYMOUS));
    assertThat(closing.get()).as("it came to that").isEmpty();
    closer.get().join();
    assertThat(refused.get()).isInstanceOf(Answer.Refused.class);
    flights.close(); // Whatever was put away is put away now.

    assertThat(tree.find(REPO, commit, new EntryPath("one.bin"))).isEmpty();
    assertThat(tree.listing(REPO, commit)).isEmpty();
    assertThat(tree.ref(REPO, Revision.MAIN)).isEmpty();
    assertThat(Files.exists(root.resolve("hub/models--o--r/.no_exist/" + commit))).isFalse();
  }
}
