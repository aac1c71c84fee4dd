package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RangeRequest;
import dev.larder.hubcache.HubTree;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubRequest.Server;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a request for a file that is not here costs before its first byte: questions to the catalog,
 * to the tree and to the hub, each asked once.
 */
final class ColdWalkTest extends MirrorFixture {
  private final List<String> looks = new CopyOnWriteArrayList<>();

  @BeforeEach
  void offer() {
    tree = watched(tree);
    begin(false);
    repo.lfs("one.bin", Bytes.of(1, 3 << 20))
        .lfs("two.bin", Bytes.of(2, 3 << 20))
        .file("config.json", "{}")
        .commit("main");
  }

  private HubTree watched(HubTree real) {
    return (HubTree)
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
  }

  /** Something of the repo was asked for lately, so that it and its branch are known. */
  private void knowTheRepo() {
    get(asking("one.bin", Caller.ANONYMOUS));
  }

  private void assertCost(EntryRequest request, List<String> catalogCalls, List<String> treeCalls) {
    assertCost(request, 1, catalogCalls, treeCalls);
  }

  private void assertCost(
      EntryRequest request, int questions, List<String> catalogCalls, List<String> treeCalls) {
    watched.calls().clear();
    looks.clear();
    int asked = hub.requests(r -> r.server() == Server.HUB).size();
    hub.onFile(request.path().value()).stallAfter(60_000).always(); // So that none is published.
    Answer answer = mirror.open(request);
    if (answer instanceof Answer.Arriving arriving) {
      assertThat(arriving.reader().awaitReadable(arriving.reader().range().start())).isPositive();
    }
    assertThat(watched.calls()).containsExactlyElementsOf(catalogCalls);
    assertThat(looks).containsExactlyElementsOf(treeCalls);
    assertThat(hub.requests(r -> r.server() == Server.HUB)).hasSize(asked + questions);
    hub.clearFaults();
    if (answer instanceof Answer.Arriving arriving) {
      arriving.reader().close();
    }
  }

  private static EntryRequest head(String path) {
    EntryRequest get = asking(path, Caller.ANONYMOUS);
    return new EntryRequest(
        get.repo(), get.revision(), get.path(), get.range(), true, get.caller());
  }

  private static EntryRequest range(String path) {
    EntryRequest get = asking(path, Caller.ANONYMOUS);
    return new EntryRequest(
        get.repo(),
        get.revision(),
        get.path(),
        new RangeRequest.Closed(1 << 20, 2 << 20),
        false,
        get.caller());
  }

  /** The client has the bytes already, so none are fetched, and who it is was asked once. */
  @Test
  void condition_thatHolds_costsNoByte() {
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    EntryRequest get = asking("two.bin", ANN);
    EntryRequest conditional =
        new EntryRequest(
            get.repo(), get.revision(), get.path(), get.range(), false, ANN, unless(true));
    assertThat(mirror.open(conditional)).isInstanceOf(Answer.Described.class);
    assertThat(hub.downloads("two.bin")).isEmpty();
  }

  /** One question as anybody and one as Ann; there is no third. */
  @Test
  void condition_thatDoesNotHold_costsNoFurtherQuestion() {
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    EntryRequest get = asking("two.bin", ANN);
    finish(
        mirror.open(
            new EntryRequest(
                get.repo(), get.revision(), get.path(), get.range(), false, ANN, unless(false))));
    assertThat(hub.requests(r -> r.server() == Server.HUB)).hasSize(2);
  }

  private static Condition unless(boolean known) {
    return new Condition() {
      @Override
      public boolean descriptionDoes(EntryHead head) {
        return known;
      }

      @Override
      public RangeRequest rangeOf(EntryHead head, RangeRequest asked) {
        return asked;
      }
    };
  }

  @Test
  void head_ofARepoThatNobodyAskedFor() {
    // The entry: whether the commit was said to hold other bytes before.
    assertCost(head("two.bin"), List.of("repo", "ref", "entry"), List.of("find"));
  }

  @Test
  void head_ofAKnownRepo() {
    knowTheRepo();
    assertCost(head("two.bin"), List.of("entry"), List.of("find"));
  }

  @Test
  void get_ofARepoThatNobodyAskedFor() {
    assertCost(
        asking("two.bin", Caller.ANONYMOUS), List.of("repo", "ref", "entry"), List.of("find"));
  }

  @Test
  void get_ofAKnownRepo() {
    knowTheRepo();
    assertCost(asking("two.bin", Caller.ANONYMOUS), List.of("entry"), List.of("find"));
  }

  @Test
  void range_ofAKnownRepo() {
    knowTheRepo();
    assertCost(range("two.bin"), List.of("entry"), List.of("find"));
  }

  @Test
  void head_ofAFileInGit() {
    knowTheRepo();
    // The hub itself says on a second page what such a file is.
    assertCost(head("config.json"), 2, List.of("entry", "blobOf"), List.of("find"));
  }
}
