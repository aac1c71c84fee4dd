package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.testing.Bytes;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever has no right must not learn from the time of a refusal what is here: nothing is searched
 * for them.
 */
final class UnlookedTest extends MirrorFixture {
  /** Nobody ever heard of it. */
  private static final RepoId OTHER = RepoId.model("o/none");

  private static final Caller BOB = upstreamCaller("hf_bob");

  private final List<String> looks = new CopyOnWriteArrayList<>();

  @BeforeEach
  void watchTree() {
    HubTree real = tree;
    tree =
        (HubTree)
            Proxy.newProxyInstance(
                HubTree.class.getClassLoader(),
                new Class<?>[] {HubTree.class},
                (_, method, arguments) -> {
                  looks.add(method.getName());
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    begin(false);
    hub.token("hf_ann", "ann");
    hub.token("hf_bob", "bob");
  }

  private static DocumentRequest folder(RepoId of, Commit commit) {
    return new DocumentRequest.Tree(
        of, new Revision(commit.hex()), Optional.of(new EntryPath("sub")), false, false);
  }

  @Test
  void listingOfAClosedRepo_isNotSearchedForWhoMayNotSeeIt() {
    Commit commit = repo.lfs("sub/one.bin", Bytes.of(1, 1000)).commit("main");
    repo.privateTo("hf_ann");
    get(asking("sub/one.bin", ANN));
    mirror.document(
        new DocumentRequest.Tree(REPO, new Revision(commit.hex()), Optional.empty(), true, false),
        ANN);
    assertThat(mirror.document(folder(REPO, commit), ANN)).isInstanceOf(DocumentAnswer.Here.class);
    now = now.plus(Duration.ofMinutes(2));
    hub.away();
    begin(false); // What lies in memory would be found without a look.
    List<String> _ = cost();
    assertThatThrownBy(() -> mirror.document(folder(REPO, commit), BOB))
        .isInstanceOf(MirrorException.RightsUnknown.class);
    List<String> cost = cost();
    assertThatThrownBy(() -> mirror.document(folder(OTHER, commit), BOB))
        .isInstanceOf(MirrorException.RightsUnknown.class);
    assertThat(cost).as("as for one that nobody heard of").isEqualTo(cost());
  }

  /** What was looked for since the last time. */
  private List<String> cost() {
    List<String> all = Stream.concat(looks.stream(), watched.calls().stream()).toList();
    looks.clear();
    watched.calls().clear();
    return all;
  }
}
