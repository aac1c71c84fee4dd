package dev.larder.resident.onnx;

import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A model as its file has it. What more it can do, classes below this one know. */
class OnnxModel implements TensorModel, AutoCloseable {
  private final Session session;
  private final Gate gate;

  /** {@code closing} runs once, when nobody uses the model any more. */
  OnnxModel(String name, Session session, Runnable closing) {
    this.session = session;
    this.gate = new Gate("the model " + name, closing);
  }

  @Override
  public String engine() {
    return OnnxEngine.NAME;
  }

  @Override
  public List<Port> inputs() {
    return session.inputs();
  }

  @Override
  public List<Port> outputs() {
    return session.outputs();
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    try (Gate.Use _ = use()) {
      return session.run(
          inputs,
          session.outputs().stream().map(Port::name).collect(Collectors.toUnmodifiableSet()));
    }
  }

  /** So that it is not closed. Throws {@link IllegalStateException} when it is. */
  Gate.Use use() {
    return gate.use();
  }

  /** The second time does nothing. */
  @Override
  public void close() {
    gate.close();
  }
}
