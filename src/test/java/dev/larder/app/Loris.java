package dev.larder.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process of clients that are as slow as they can be: thousands of heads, bodies and answers, a
 * byte of each at a time. Who is let go comes again. Prints what became of them; see {@link
 * SlowClientsIT}.
 */
final class Loris {
  /** What is slow. */
  enum Kind {
    HEAD,
    BODY,
    READ
  }

  /** What became of one kind so far. */
  private static final class Fate {
    private int letGo;
    private long longestMillis;
    private final Map<String, Integer> answers = new TreeMap<>();
  }

  private static final long BETWEEN_BYTES_NANOS = Duration.ofSeconds(4).toNanos();

  private final ManySockets sockets;
  private final String path;
  private final int ofEach;
  private final ArrayDeque<LorisClient> begun = new ArrayDeque<>();
  private final ArrayDeque<LorisClient> away = new ArrayDeque<>();
  private final Map<Kind, Fate> fates = new EnumMap<>(Kind.class);
  private int standing;
  private boolean told;
  private volatile boolean stopped;

  private Loris(InetSocketAddress server, String path, int ofEach) throws IOException {
    sockets = new ManySockets(server);
    this.path = path;
    this.ofEach = ofEach;
  }

  /** Port, path of a large file that is cached, how many of each kind. */
  public static void main(String[] args) throws IOException {
    InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
    Loris loris = new Loris(server, args[1], Integer.parseInt(args[2]));
    Thread.ofPlatform().daemon().start(loris::stopAtTheEndOfInput);
    loris.run();
  }

  private void stopAtTheEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // until the test has seen enough
      }
    } catch (IOException _) {
      // Then it has ended as well.
    }
    stopped = true;
  }

  private void run() throws IOException {
    for (Kind kind : Kind.values()) {
      fates.put(kind, new Fate());
    }
    for (int i = 0; i < ofEach; i++) {
      for (Kind kind : Kind.values()) {
        away.add(new LorisClient(this, sockets, kind, path));
      }
    }
    try (sockets) {
      while (!stopped) {
        while (!away.isEmpty() && sockets.hasRoom()) {
          away.remove().open();
        }
        sockets.turn();
        sendBytes();
        tell();
      }
    }
    for (LorisClient client : begun) {
      note(client.kind(), client.ageNanos());
    }
    fates.forEach(
        (kind, fate) ->
            System.out.printf(
                "%s %d %d %s%n",
                kind, fate.letGo, fate.longestMillis, fate.answers.toString().replace(" ", "_")));
  }

  private void sendBytes() {
    long now = System.nanoTime();
    while (!begun.isEmpty() && now - begun.peek().movedNanos() > BETWEEN_BYTES_NANOS) {
      LorisClient client = begun.remove();
      if (client.oneByte()) {
        begun.add(client);
      }
    }
  }

  /** Everybody has been there once; and each of the slow heads was let go once on average. */
  private void tell() {
    if (!told && standing >= ofEach * Kind.values().length) {
      told = true;
      System.out.println("standing");
    }
    if (told && fates.get(Kind.HEAD).letGo >= ofEach) {
      System.out.println("heads-let-go");
      told = false;
      standing = Integer.MIN_VALUE;
    }
  }

  void connected(LorisClient client) {
    standing++;
    begun.add(client);
  }

  private void note(Kind kind, long nanos) {
    Fate fate = fates.get(kind);
    fate.longestMillis = Math.max(fate.longestMillis, Duration.ofNanos(nanos).toMillis());
  }

  /** The server ended it after {@code nanos}, perhaps with an answer. */
  void letGo(LorisClient client, long nanos, String answer) {
    begun.remove(client);
    note(client.kind(), nanos);
    Fate fate = fates.get(client.kind());
    fate.letGo++;
    fate.answers.merge(answer, 1, Integer::sum);
    away.add(new LorisClient(this, sockets, client.kind(), path));
  }
}
