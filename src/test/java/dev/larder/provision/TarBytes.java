package dev.larder.provision;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes tar files, also such as no honest program writes. */
final class TarBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** One header as it should be, before {@code change} spoils it; its checksum is right then. */
  TarBytes entry(String name, char type, byte[] bytes, String target, Consumer<byte[]> change) {
    out.writeBytes(header(name, type, bytes.length, target, change));
    out.writeBytes(bytes);
    out.writeBytes(new byte[-bytes.length & 511]);
    return this;
  }

  TarBytes file(String name, byte[] bytes) {
    return entry(name, '0', bytes, "", _ -> {});
  }

  TarBytes file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  TarBytes directory(String name) {
    return entry(name, '5', new byte[0], "", _ -> {});
  }

  TarBytes link(String name, String target) {
    return entry(name, '2', new byte[0], target, _ -> {});
  }

  TarBytes kind(char type, String name) {
    return entry(name, type, new byte[0], "", _ -> {});
  }

  /** An extended header for the next entry. */
  TarBytes pax(String... records) {
    StringBuilder text = new StringBuilder();
    for (String record : records) {
      String rest = " " + record + "\n";
      int length = rest.getBytes(StandardCharsets.UTF_8).length + 2;
      length += length >= 100 ? 1 : 0;
      text.append(length).append(rest);
    }
    return entry("x", 'x', text.toString().getBytes(StandardCharsets.UTF_8), "", _ -> {});
  }

  TarBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Two blocks of zeros. */
  byte[] end() {
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  static byte[] header(String name, char type, long size, String target, Consumer<byte[]> change) {
    byte[] block = new byte[512];
    put(block, 0, name);
    put(block, 100, "0000644");
    put(block, 124, String.format(Locale.ROOT, "%011o", size));
    put(block, 136, "00000000000");
    block[156] = (byte) type;
    put(block, 157, target);
    put(block, 257, "ustar\00000");
    change.accept(block);
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    put(block, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
    return block;
  }

  static void put(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  /** One gzip member. */
  static byte[] gzip(byte[] bytes) {
    Deflater deflater = new Deflater(1, true);
    deflater.setInput(bytes);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3});
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    CRC32 crc = new CRC32();
    crc.update(bytes);
    little(out, crc.getValue());
    little(out, bytes.length);
    return out.toByteArray();
  }

  private static void little(ByteArrayOutputStream out, long value) {
    for (int i = 0; i < 4; i++) {
      out.write((int) (value >> 8 * i));
    }
  }
}
