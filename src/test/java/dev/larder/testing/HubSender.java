package dev.larder.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Puts a reply on the wire, with its faults. */
final class HubSender {
  private static final int CHUNK = 32 << 10;

  private final AtomicLong fileBytes;

  HubSender(AtomicLong fileBytes) {
    this.fileBytes = fileBytes;
  }

  /** Signals that the script wants the connection to end here. */
  private static final class Cut extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** False when the connection ends with this reply. */
  boolean send(Socket socket, HubRequest request, HubReply reply, List<HubFault> faults)
      throws IOException, InterruptedException {
    boolean goesOn = sent(socket, request, reply, faults);
    if (!goesOn && faults.stream().anyMatch(fault -> fault.reset)) {
      socket.setSoLinger(true, 0);
    }
    return goesOn;
  }

  private boolean sent(Socket socket, HubRequest request, HubReply reply, List<HubFault> faults)
      throws IOException, InterruptedException {
    for (HubFault fault : faults) {
      LockSupport.parkNanos(fault.delay.toNanos());
      if (fault.refuse) {
        return false;
      }
      if (!fault.rawHead.isEmpty()) {
        socket.getOutputStream().write(fault.rawHead.getBytes(StandardCharsets.ISO_8859_1));
        return false;
      }
    }
    boolean chunked = faults.stream().anyMatch(fault -> fault.chunked);
    OutputStream out = socket.getOutputStream();
    out.write(head(reply, chunked));
    if (!request.method().equals("HEAD")) {
      try {
        body(out, reply, faults, chunked);
      } catch (Cut _) {
        return false;
      }
    }
    return reply.declared >= 0
        && reply.lines.stream().noneMatch(line -> line.name().equalsIgnoreCase("Connection"));
  }

  private static byte[] head(HubReply reply, boolean chunked) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status + " Scripted\r\n");
    reply.lines.forEach(
        line -> head.append(line.name()).append(": ").append(line.value()).append("\r\n"));
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (reply.declared >= 0) {
      head.append("Content-Length: ").append(reply.declared).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private void body(OutputStream out, HubReply reply, List<HubFault> faults, boolean chunked)
      throws IOException, InterruptedException {
    long rate = faults.stream().mapToLong(f -> f.bytesPerSecond).filter(r -> r > 0).min().orElse(0);
    int slice = rate == 0 ? CHUNK : (int) Math.clamp(rate / 20, 1, CHUNK);
    long started = System.nanoTime();
    FaultyBody body = new FaultyBody(out, reply, faults);
    if (faults.isEmpty()) {
      reply.content.write(body.counted(), reply.from, reply.to);
      return;
    }
    for (long at = reply.from; at < reply.to; ) {
      int length = (int) Math.min(slice, reply.to - at);
      body.part(at, length, chunked);
      at += length;
      if (rate > 0) {
        long due = started + (long) ((at - reply.from) * 1e9 / rate);
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
    body.faultsAt(reply.to - reply.from);
    while (faults.stream().anyMatch(fault -> fault.endless)) {
      body.write(new byte[CHUNK], 0, CHUNK, chunked); // Until nobody listens.
    }
    if (chunked) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private final class FaultyBody {
    private final OutputStream out;
    private final HubReply reply;
    private final List<HubFault> faults;

    FaultyBody(OutputStream out, HubReply reply, List<HubFault> faults) {
      this.out = out;
      this.reply = reply;
      this.faults = faults;
    }

    void part(long at, int length, boolean chunked) throws IOException, InterruptedException {
      java.io.ByteArrayOutputStream made = new java.io.ByteArrayOutputStream(length);
      reply.content.write(made, at, at + length);
      byte[] bytes = made.toByteArray();
      for (HubFault fault : faults) {
        if (fault.corruptAt >= at && fault.corruptAt < at + length) {
          bytes[(int) (fault.corruptAt - at)] ^= 0x55;
        }
      }
      long before = at - reply.from;
      int done = 0;
      while (done < length) {
        faultsAt(before + done);
        int next = until(before + done, length - done);
        write(bytes, done, next, chunked);
        done += next;
      }
    }

    OutputStream counted() {
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          for (int at = 0; at < length; at += CHUNK) {
            FaultyBody.this.write(bytes, offset + at, Math.min(CHUNK, length - at), false);
          }
        }
      };
    }

    /** Up to the next byte at which something happens. */
    private int until(long position, int length) {
      long most = length;
      for (HubFault fault : faults) {
        for (long stop : new long[] {fault.cutAfter, fault.stallAfter}) {
          if (stop > position) {
            most = Math.min(most, stop - position);
          }
        }
      }
      return (int) most;
    }

    void faultsAt(long position) throws IOException, InterruptedException {
      for (HubFault fault : faults) {
        if (fault.stallAfter == position) {
          fault.awaitRelease();
        }
        if (fault.cutAfter == position) {
          throw new Cut();
        }
      }
    }

    private void write(byte[] bytes, int offset, int length, boolean chunked) throws IOException {
      if (chunked) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
      if (reply.file) {
        fileBytes.addAndGet(length); // Before: whoever has all of them reads the whole sum.
      }
      out.write(bytes, offset, length);
      if (chunked) {
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
