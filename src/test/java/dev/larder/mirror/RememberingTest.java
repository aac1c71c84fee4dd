package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.LarderException;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is written down about a repo, and what happens when that cannot be done. */
final class RememberingTest extends MirrorFixture {
  private static final DocumentRequest INFO = new DocumentRequest.Info(REPO, Optional.empty(), "");

  private void offer() {
    repo.file("config.json", "{}").commit("main");
    hub.token("hf_ann", "ann");
  }

  @Test
  void hit_thatCannotBeWrittenDown_isServed() {
    offer();
    get(asking("config.json", Caller.ANONYMOUS));
    begin(false);
    watched.failing = true;
    assertThat(get(asking("config.json", Caller.ANONYMOUS))).isEqualTo(CacheState.HIT);
    assertThat(watched.calls()).contains("putEntries");
  }

  @Test
  void answer_thatCannotBeWrittenDown_isGiven() {
    offer();
    get(asking("config.json", Caller.ANONYMOUS));
    watched.failing = true;
    assertThat(mirror.document(INFO, Caller.ANONYMOUS)).isInstanceOf(DocumentAnswer.Here.class);
  }

  @Test
  void restrictedRepo_afterARestart_isNotTakenForOneFoundOnDisk() {
    offer();
    repo.privateTo("hf_ann");
    get(asking("config.json", ANN));
    begin(false, true);
    hub.away();
    assertThatThrownBy(() -> get(asking("config.json", Caller.ANONYMOUS)))
        .isInstanceOf(LarderException.class);
  }

  @Test
  void repoMadePrivate_itsCachedDocuments_areAskedForWithTheCallersToken() {
    offer();
    get(asking("config.json", Caller.ANONYMOUS));
    mirror.document(INFO, Caller.ANONYMOUS);
    repo.privateTo("hf_ann");
    now = now.plus(Duration.ofMinutes(2));
    get(asking("config.json", ANN));
    begin(false);
    hub.clearLog();
    assertThat(mirror.document(INFO, ANN)).isInstanceOf(DocumentAnswer.Here.class);
    assertThat(hub.requests(r -> r.token().filter("hf_ann"::equals).isPresent())).isNotEmpty();
    assertThat(mirror.document(INFO, Caller.ANONYMOUS)).isInstanceOf(DocumentAnswer.Refused.class);
  }
}
