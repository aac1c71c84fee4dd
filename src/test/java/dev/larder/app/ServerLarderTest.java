package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.store.StoreLock.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
