package dev.larder.upstream.huggingface;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * Copies JSON without the fields that would send a client to Xet: wherever they stand, their name
 * begins with {@code xet}. Pages that are arrays become one array. Throws Jackson's exceptions on
 * what is no JSON.
 */
final class JsonPages implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  /** A string is held whole while it is copied, so one that passes through has an end. */
  static final int LONGEST_STRING = 1 << 20;

  private static final JsonFactory PASSING =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(LONGEST_STRING).build())
          .build();

  private final JsonGenerator out;
  private final boolean joining;

  private JsonPages(OutputStream target, boolean joining) {
    this.out = JSON.createGenerator(target);
    this.joining = joining;
    if (joining) {
      out.writeStartArray();
    }
  }

  /** For one document of any shape. */
  static JsonPages document(OutputStream target) {
    return new JsonPages(target, false);
  }

  /** For pages that are arrays each. */
  static JsonPages array(OutputStream target) {
    return new JsonPages(target, true);
  }

  void add(byte[] page) {
    add(JSON.createParser(page));
  }

  /** Copies while it reads; closes {@code page}. */
  void pass(InputStream page) {
    add(PASSING.createParser(page));
  }

  private void add(JsonParser page) {
    try (JsonParser in = page) {
      JsonToken first = in.nextToken();
      if (first == null || (joining && first != JsonToken.START_ARRAY)) {
        throw new StreamReadException(in, "an array was expected");
      }
      if (joining) {
        copyElements(in);
      } else {
        copyValue(in);
      }
      if (in.nextToken() != null) {
        throw new StreamReadException(in, "something follows the document");
      }
    }
  }

  private void copyElements(JsonParser in) {
    while (in.nextToken() != JsonToken.END_ARRAY) {
      copyValue(in);
    }
  }

  /** From the current token to the end of its value. */
  private void copyValue(JsonParser in) {
    int depth = 0;
    for (JsonToken token = in.currentToken(); ; token = in.nextToken()) {
      if (token == null) {
        throw new StreamReadException(in, "the document ends too early");
      }
      if (token == JsonToken.PROPERTY_NAME && xet(in.currentName())) {
        in.nextToken();
        in.skipChildren();
      } else {
        out.copyCurrentEventExact(in);
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (depth == 0) {
        return;
      }
    }
  }

  private static boolean xet(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("xet");
  }

  @Override
  public void close() {
    if (joining) {
      out.writeEndArray();
    }
    out.close();
  }
}
