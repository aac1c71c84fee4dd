package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.content.Revision;
import dev.larder.testing.Bytes;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A repo that was closed for a while is as whole in the tree as any other. */
final class ListingKeptTest extends MirrorFixture {
  @Test
  void listing_forgottenWhileTheRepoWasPrivate_isWrittenWhenItIsAskedForAgain() {
    Commit commit =
        repo.lfs("one.bin", Bytes.of(1, 1000)).lfs("two.bin", Bytes.of(2, 1000)).commit("main");
    list(commit);
    hub.token("hf_ann", "ann");
    repo.privateTo("hf_ann");
    now = now.plus(Duration.ofMinutes(2));
    get(asking("one.bin", ANN));
    assertThat(tree.listing(REPO, commit)).isEmpty();
    repo.open();
    now = now.plus(Duration.ofMinutes(2));
    get(asking("two.bin", Caller.ANONYMOUS));
    list(commit);
    get(asking("one.bin", Caller.ANONYMOUS));
    assertThat(tree.listing(REPO, commit).orElseThrow()).hasSize(2);
  }

  private void list(Commit commit) {
    mirror.document(
        new DocumentRequest.Tree(REPO, new Revision(commit.hex()), Optional.empty(), true, false),
        Caller.ANONYMOUS);
  }
}
