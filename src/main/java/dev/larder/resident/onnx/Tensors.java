package dev.larder.resident.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.larder.resident.EngineException;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel.Port;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tensors of the runtime, and those that callers see. Halves are widened to 32 bits and 32-bit
 * integers to 64, and back.
 */
final class Tensors {
  private Tensors() {}

  static Port port(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo info
        ? new Port(node.getName(), type(info.type), Arrays.stream(info.getShape()).boxed().toList())
        : new Port(node.getName(), Tensor.Type.OTHER, List.of());
  }

  private static Tensor.Type type(OnnxJavaType type) {
    return switch (type) {
      case FLOAT, FLOAT16, BFLOAT16 -> Tensor.Type.FLOAT;
      case INT64, INT32 -> Tensor.Type.LONG;
      default -> Tensor.Type.OTHER;
    };
  }

  /** Throws {@link EngineException.BadInput} when it is not what the port takes. */
  static void check(Port port, Tensor tensor) {
    if (port.type() == Tensor.Type.OTHER || tensor.type() != port.type()) {
      throw new EngineException.BadInput(
          "The input %s takes %s, not %s."
              .formatted(port.name(), numbers(port.type()), numbers(tensor.type())),
          null);
    }
    long[] shape = tensor.shape();
    boolean fits = shape.length == port.shape().size();
    for (int i = 0; fits && i < shape.length; i++) {
      long wanted = port.shape().get(i);
      fits = wanted < 0 || wanted == shape[i];
    }
    if (!fits) {
      throw new EngineException.BadInput(
          "The input %s has the shape %s, not %s."
              .formatted(port.name(), port.shape(), Arrays.toString(shape)),
          null);
    }
  }

  private static String numbers(Tensor.Type type) {
    return switch (type) {
      case FLOAT -> "floating point numbers";
      case LONG -> "integers";
      case OTHER -> "what cannot be given from here";
    };
  }

  /** {@code type}: as the model has it. Close the answer. */
  static OnnxTensor toRuntime(OrtEnvironment environment, Tensor tensor, OnnxJavaType type)
      throws OrtException {
    return switch (tensor) {
      case Tensor.Floats floats -> floats(environment, floats, type);
      case Tensor.Longs longs -> longs(environment, longs, type);
    };
  }

  private static OnnxTensor floats(
      OrtEnvironment environment, Tensor.Floats tensor, OnnxJavaType type) throws OrtException {
    float[] values = tensor.values();
    if (type == OnnxJavaType.FLOAT) {
      return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), tensor.shape());
    }
    short[] halves = new short[values.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] =
          type == OnnxJavaType.FLOAT16
              ? Float.floatToFloat16(values[i])
              : (short) (Float.floatToIntBits(values[i]) >>> 16);
    }
    return OnnxTensor.createTensor(environment, ShortBuffer.wrap(halves), tensor.shape(), type);
  }

  private static OnnxTensor longs(
      OrtEnvironment environment, Tensor.Longs tensor, OnnxJavaType type) throws OrtException {
    if (type == OnnxJavaType.INT64) {
      return OnnxTensor.createTensor(environment, LongBuffer.wrap(tensor.values()), tensor.shape());
    }
    int[] ints = new int[tensor.values().length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) tensor.values()[i];
      if (ints[i] != tensor.values()[i]) {
        throw new EngineException.BadInput(
            "The model takes integers of 32 bits, and %d has more.".formatted(tensor.values()[i]),
            null);
      }
    }
    return OnnxTensor.createTensor(environment, IntBuffer.wrap(ints), tensor.shape());
  }

  /** Empty for what callers cannot be given. */
  static Optional<Tensor> fromRuntime(OnnxValue value) {
    if (!(value instanceof OnnxTensor tensor)) {
      return Optional.empty();
    }
    TensorInfo info = tensor.getInfo();
    return switch (info.type) {
      case FLOAT, FLOAT16, BFLOAT16 -> {
        FloatBuffer numbers = tensor.getFloatBuffer();
        float[] values = new float[numbers.remaining()];
        numbers.get(values);
        yield Optional.of(new Tensor.Floats(values, info.getShape()));
      }
      case INT64 -> {
        LongBuffer numbers = tensor.getLongBuffer();
        long[] values = new long[numbers.remaining()];
        numbers.get(values);
        yield Optional.of(new Tensor.Longs(values, info.getShape()));
      }
      case INT32 -> {
        IntBuffer numbers = tensor.getIntBuffer();
        int[] values = new int[numbers.remaining()];
        numbers.get(values);
        yield Optional.of(
            new Tensor.Longs(Arrays.stream(values).asLongStream().toArray(), info.getShape()));
      }
      default -> Optional.empty();
    };
  }
}
