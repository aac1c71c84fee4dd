package dev.larder.upstream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Answers of an upstream, head and body: read, or refused as malformed. */
public final class AnswerFuzz {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  private AnswerFuzz() {}

  /** Gives bytes that are here already. */
  private static final class Given extends Socket {
    private final InputStream in;

    Given(byte[] bytes) {
      in = new ByteArrayInputStream(bytes);
    }

    @Override
    public InputStream getInputStream() {
      return in;
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void setSoTimeout(int millis) {}
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    try (Socket socket = new Given(input)) {
      Connection connection =
          new Connection(Origin.of(URI.create("http://hub.example")), socket, socket);
      connection.patience(Duration.ofSeconds(1), Deadline.NEVER);
      HeadReader.Head head = HeadReader.read(connection);
      check(head);
      Framing framing = Framing.of("GET", head);
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] piece = new byte[512];
      for (int got; (got = framing.read(connection, piece, 0, piece.length)) >= 0; ) {
        body.write(piece, 0, got);
      }
      if (body.size() > input.length) {
        throw new IllegalStateException("a body of more bytes than came");
      }
    } catch (MalformedAnswer | java.io.EOFException _) {
      // Refused as it should be.
    }
  }

  private static void check(HeadReader.Head head) {
    if (head.status() < 200 || head.status() > 599) {
      throw new IllegalStateException("status " + head.status());
    }
    head.fields()
        .byName()
        .forEach(
            (name, values) -> {
              if (!name.matches("[!#$%&'*+.^_`|~0-9a-z-]+")
                  || values.stream().anyMatch(value -> value.matches("(?s).*[\\r\\n\\x00].*"))) {
                throw new IllegalStateException("a header that is none");
              }
            });
    RetryAfter.of(head.fields(), CLOCK)
        .filter(Duration::isNegative)
        .ifPresent(
            delay -> {
              throw new IllegalStateException("wait " + delay);
            });
  }
}
