package dev.larder.resident;

import java.util.List;
import java.util.Map;

/** A model as its file has it: named tensors in, named tensors out. */
public interface TensorModel extends Model {
  /** What goes in or comes out. A dimension of -1 may have any length. */
  record Port(String name, Tensor.Type type, List<Long> shape) {
    public Port {
      shape = List.copyOf(shape);
    }
  }

  List<Port> inputs();

  List<Port> outputs();

  /**
   * Runs it once. {@code inputs} by the names of {@link #inputs}.
   *
   * @throws EngineException.BadInput when names, types or shapes are not the model's
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs);
}
