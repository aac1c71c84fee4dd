package dev.larder.clients;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The smallest model that llama.cpp loads and runs: one layer of zeros that knows bytes. Format:
 * ggml, docs/gguf.md, version 3.
 */
final class TinyGguf {
  private static final int ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int WIDTH = 32;
  private static final int BYTES_FROM = 3;
  private static final int VOCABULARY = BYTES_FROM + 256;

  private final ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<String, int[]> tensors = new LinkedHashMap<>();
  private int keys;

  private TinyGguf() {}

  static byte[] bytes() {
    TinyGguf values = new TinyGguf();
    values.describe();
    TinyGguf file = new TinyGguf();
    file.tensor("token_embd.weight", WIDTH, VOCABULARY);
    file.tensor("output_norm.weight", WIDTH);
    file.tensor("output.weight", WIDTH, VOCABULARY);
    for (String norm : List.of("attn_norm", "ffn_norm")) {
      file.tensor("blk.0." + norm + ".weight", WIDTH);
    }
    for (String matrix :
        List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
      file.tensor("blk.0." + matrix + ".weight", WIDTH, WIDTH);
    }
    return file.together(values);
  }

  private void describe() {
    text("general.architecture", "llama");
    text("general.name", "tiny");
    for (String size :
        List.of("embedding_length", "feed_forward_length", "context_length", "vocab_size")) {
      number("llama." + size, size.equals("vocab_size") ? VOCABULARY : WIDTH);
    }
    number("llama.block_count", 1);
    number("llama.attention.head_count", 1);
    key("llama.attention.layer_norm_rms_epsilon", FLOAT32);
    out.putFloat(1e-5f);
    text("tokenizer.ggml.model", "llama");
    vocabulary();
  }

  private void vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int i = 0; i < 256; i++) {
      tokens.add("<0x%02X>".formatted(i));
    }
    array("tokenizer.ggml.tokens", STRING);
    tokens.forEach(this::string);
    array("tokenizer.ggml.scores", FLOAT32);
    out.position(out.position() + 4 * VOCABULARY);
    array("tokenizer.ggml.token_type", INT32);
    for (int i = 0; i < VOCABULARY; i++) {
      // 2: unknown, 3: control, 6: byte.
      out.putInt(i == 0 ? 2 : i < BYTES_FROM ? 3 : 6);
    }
  }

  private byte[] together(TinyGguf values) {
    out.put("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.putInt(3);
    out.putLong(tensors.size()).putLong(values.keys);
    out.put(values.out.flip());
    int data = 0;
    for (var tensor : tensors.entrySet()) {
      string(tensor.getKey());
      out.putInt(tensor.getValue().length);
      int bytes = 4;
      for (int side : tensor.getValue()) {
        out.putLong(side);
        bytes *= side;
      }
      out.putInt(0).putLong(data); // 0: numbers of 32 bits.
      data += aligned(bytes);
    }
    out.position(aligned(out.position()) + data);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static int aligned(int bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private void tensor(String name, int... sides) {
    tensors.put(name, sides);
  }

  private void key(String name, int type) {
    string(name);
    out.putInt(type);
    keys++;
  }

  private void text(String name, String value) {
    key(name, STRING);
    string(value);
  }

  private void number(String name, int value) {
    key(name, UINT32);
    out.putInt(value);
  }

  private void array(String name, int type) {
    key(name, ARRAY);
    out.putInt(type).putLong(VOCABULARY);
  }

  private void string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putLong(bytes.length);
    out.put(bytes);
  }
}
