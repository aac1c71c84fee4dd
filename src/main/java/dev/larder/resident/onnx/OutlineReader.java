package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import dev.larder.resident.onnx.ModelOutline.External;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the {@link ModelOutline} of an ONNX file. Reads it once from begin to end, passes over the
 * weights, and takes no memory for what it does not need. The numbers of the fields are those of
 * onnx/onnx.proto.
 *
 * <p>Takes an external location wherever one is written, also where the runtime would not look:
 * protobuf merges fields that come twice, so that whoever goes by the flag beside it can be misled.
 */
final class OutlineReader {
  /** Far above what exporters nest; protobuf itself stops at 100. */
  private static final int DEEPEST = 100;

  private static final int LONGEST_NAME = 4096;
  private static final int MOST_EXTERNAL = 100_000;

  private static final int OP_TYPE = 4;
  private static final int EXTERNAL_DATA = 13;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;

  /** Operations that quantize by the range of what they are given. */
  private static final Set<String> BY_RANGE =
      Set.of("DynamicQuantizeLinear", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM");

  /** Messages, and which of their fields are messages that lead to tensors or operations. */
  private enum Kind {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    FUNCTION,
    TRAINING,
    TENSOR;

    private static final Map<Kind, Map<Integer, Kind>> PARTS =
        Map.of(
            MODEL, Map.of(7, GRAPH, 20, TRAINING, 25, FUNCTION),
            GRAPH, Map.of(1, NODE, 5, TENSOR, 15, SPARSE_TENSOR),
            NODE, Map.of(5, ATTRIBUTE),
            ATTRIBUTE,
                Map.of(
                    5,
                    TENSOR,
                    6,
                    GRAPH,
                    10,
                    TENSOR,
                    11,
                    GRAPH,
                    22,
                    SPARSE_TENSOR,
                    23,
                    SPARSE_TENSOR),
            SPARSE_TENSOR, Map.of(1, TENSOR, 2, TENSOR),
            FUNCTION, Map.of(7, NODE, 11, ATTRIBUTE),
            TRAINING, Map.of(1, GRAPH, 2, GRAPH),
            TENSOR, Map.of());
  }

  private final WireReader in;
  private final List<External> external = new ArrayList<>();
  private boolean quantizesInputs;
  private boolean hasGraph;

  private OutlineReader(WireReader in) {
    this.in = in;
  }

  /** {@code name}: of the file in the repo. Throws {@link EngineException.Broken}. */
  static ModelOutline read(Path file, String name) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      OutlineReader reader = new OutlineReader(new WireReader(channel, name));
      reader.message(Kind.MODEL, reader.in.size(), 0);
      if (!reader.hasGraph) {
        throw reader.in.broken("it ends without a graph");
      }
      return new ModelOutline(reader.external, reader.quantizesInputs);
    }
  }

  private void message(Kind kind, long end, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw in.broken("parts lie more than " + DEEPEST + " deep in each other");
    }
    if (kind == Kind.TENSOR) {
      tensor(end);
      return;
    }
    hasGraph |= kind == Kind.GRAPH;
    Map<Integer, Kind> parts = Kind.PARTS.getOrDefault(kind, Map.of());
    while (in.next(end)) {
      Kind part = parts.get(in.field());
      if (part != null && in.hasLength()) {
        message(part, in.open(end), depth + 1);
      } else if (kind == Kind.NODE && in.field() == OP_TYPE && in.hasLength()) {
        quantizesInputs |= BY_RANGE.contains(in.text(end, LONGEST_NAME));
      } else {
        in.skip(end);
      }
    }
  }

  private void tensor(long end) throws IOException {
    List<String> locations = new ArrayList<>();
    long offset = 0;
    long length = 0;
    while (in.next(end)) {
      if (in.field() != EXTERNAL_DATA || !in.hasLength()) {
        in.skip(end);
        continue;
      }
      Map.Entry<String, String> entry = entry(in.open(end));
      switch (entry.getKey()) {
        case "location" -> {
          locations.add(entry.getValue());
          refuseTooMany(external.size() + locations.size());
        }
        case "offset" -> offset = Math.max(offset, bytes(entry.getValue()));
        case "length" -> length = Math.max(length, bytes(entry.getValue()));
        default -> {
          // A checksum, or what no runtime knows.
        }
      }
    }
    long needed = sum(offset, length);
    locations.forEach(location -> external.add(new External(location, needed)));
  }

  private void refuseTooMany(int count) {
    if (count > MOST_EXTERNAL) {
      throw in.broken("more than " + MOST_EXTERNAL + " tensors lie in other files");
    }
  }

  private Map.Entry<String, String> entry(long end) throws IOException {
    String key = "";
    String value = "";
    while (in.next(end)) {
      if (in.field() == ENTRY_KEY && in.hasLength()) {
        key = in.text(end, LONGEST_NAME);
      } else if (in.field() == ENTRY_VALUE && in.hasLength()) {
        value = in.text(end, LONGEST_NAME);
      } else {
        in.skip(end);
      }
    }
    return Map.entry(key, value);
  }

  private long bytes(String number) {
    try {
      long bytes = Long.parseLong(number);
      if (bytes >= 0) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      throw in.broken("the place of a tensor in another file is no number");
    }
    throw in.broken("the place of a tensor in another file is below zero");
  }

  private long sum(long offset, long length) {
    if (offset > Long.MAX_VALUE - length) {
      throw in.broken("the place of a tensor in another file is too large");
    }
    return offset + length;
  }
}
