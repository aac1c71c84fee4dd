package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.mirror.PulledFile;
import dev.larder.store.StoreLock.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A command that asks a server. */
class ServerLarderTest {
  @Test
  void server_killedInTheMiddle_isSaidSo() throws Exception {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.ofVirtual().start(() -> answerHalf(listening));
      var owner = new Owner(1, "http://127.0.0.1:" + listening.getLocalPort(), "x");
      var all = new PullRequest(RepoId.model("o/r"), Revision.MAIN, FileSelection.ALL, false);

      try (var larder = new ServerLarder(owner, Optional.empty(), false)) {
        assertThatThrownBy(() -> larder.pull(all, PullListener.NONE))
            .isInstanceOf(ServerSaid.class)
            .hasMessageContaining("stopped before it was done");
      }
      server.join();
    }
  }

  /** As the server of an earlier version sends it, and one of a later version. */
  @Test
  void server_ofAnotherVersion_isUnderstood() throws Exception {
    String pulled =
        """
        {"progress":{"path":"x","landed_bytes":1,"total_bytes":2,"later":"?"}}
        {"pulled":{"repo":"o/r","commit":"%s","snapshot":"/s","upstream_bytes":7,"later":[1]}}
        """
            .formatted("0".repeat(40));
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.ofVirtual().start(() -> answer(listening, pulled));
      var owner = new Owner(1, "http://127.0.0.1:" + listening.getLocalPort(), "x");
      var all = new PullRequest(RepoId.model("o/r"), Revision.MAIN, FileSelection.ALL, false);
      AtomicInteger plans = new AtomicInteger();
      PullListener counting =
          new PullListener() {
            @Override
            public void planned(List<PulledFile> files) {
              plans.incrementAndGet();
            }
          };

      try (var larder = new ServerLarder(owner, Optional.empty(), false)) {
        PullResult result = larder.pull(all, counting);
        assertThat(result.upstreamBytes()).isEqualTo(7);
        assertThat(result.files()).isEmpty();
        assertThat(result.leftOut()).isEmpty();
        assertThat(result.stale()).isFalse();
        assertThat(plans).hasValue(0);
      }
      server.join();
    }
  }

  private static void answer(ServerSocket listening, String body) {
    try (Socket socket = listening.accept()) {
      byte[] head = new byte[4096];
      int _ = socket.getInputStream().read(head);
      String whole = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s";
      socket
          .getOutputStream()
          .write(whole.formatted(body.length(), body).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void answerHalf(ServerSocket listening) {
    try (Socket socket = listening.accept()) {
      byte[] head = new byte[4096];
      int _ = socket.getInputStream().read(head);
      String half = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{";
      socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
