package dev.larder.resident.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.larder.resident.EngineException;
import dev.larder.resident.Tensor;
import dev.larder.resident.TensorModel.Port;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One native session. Safe for concurrent use; whoever has it sees to it that it is open. */
final class Session {
  /** What computes for longer computes for ever, or for nobody. */
  private static final Duration LONGEST_RUN = Duration.ofMinutes(5);

  private final String name;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, OnnxJavaType> inputTypes = new LinkedHashMap<>();
  private final List<Port> inputs;
  private final List<Port> outputs;

  private Session(String name, OrtEnvironment environment, OrtSession session) throws OrtException {
    this.name = name;
    this.environment = environment;
    this.session = session;
    this.inputs = ports(session.getInputInfo().values());
    this.outputs = ports(session.getOutputInfo().values());
    session
        .getInputInfo()
        .forEach(
            (input, node) -> {
              if (node.getInfo() instanceof TensorInfo info) {
                inputTypes.put(input, info.type);
              }
            });
  }

  /**
   * Reads the file. {@code name}: as the repo calls it. Throws {@link EngineException.Broken} when
   * the runtime does not take it.
   */
  static Session open(Path file, String name) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Memory goes back to the system after each run, so that a model is as large as it looks.
      options.setCPUArenaAllocator(false);
      options.setMemoryPatternOptimization(false);
      // A thread that waits for work by turning in circles takes a core from everybody else.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Of what this process may use, which the runtime does not know in a container.
      options.setIntraOpNumThreads(Turns.AT_ONCE);
      // Else the name of the file decides, and what the file says of other files was read as this.
      options.addConfigEntry("session.load_model_format", "ONNX");
      OrtEnvironment environment = Natives.runtime();
      return of(name, environment, environment.createSession(file.toString(), options));
    } catch (OrtException e) {
      throw Failures.ofLoad(name, file, e);
    }
  }

  private static Session of(String name, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    try {
      return new Session(name, environment, session);
    } catch (OrtException | RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  private static List<Port> ports(Collection<NodeInfo> nodes) {
    return nodes.stream().map(Tensors::port).toList();
  }

  List<Port> inputs() {
    return inputs;
  }

  List<Port> outputs() {
    return outputs;
  }

  /**
   * Runs it when it is its turn. {@code wanted}: the outputs to make; what cannot be given to
   * callers is left out.
   */
  Map<String, Tensor> run(Map<String, Tensor> given, Set<String> wanted) {
    check(given);
    try {
      return Turns.call(() -> runNow(given, wanted));
    } catch (EngineException | Error e) {
      throw e;
    } catch (OrtException e) {
      throw Failures.ofRun(name, e);
    } catch (Exception e) {
      throw new IllegalStateException("Tried to run " + name, e);
    }
  }

  private void check(Map<String, Tensor> given) {
    Set<String> known = inputTypes.keySet();
    if (!given.keySet().equals(known)) {
      throw new EngineException.BadInput(
          "The model takes the inputs %s, not %s.".formatted(known, given.keySet()), null);
    }
    inputs.forEach(port -> Tensors.check(port, Objects.requireNonNull(given.get(port.name()))));
  }

  private Map<String, Tensor> runNow(Map<String, Tensor> given, Set<String> wanted)
      throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, OnnxJavaType> input : inputTypes.entrySet()) {
        Tensor tensor = Objects.requireNonNull(given.get(input.getKey()));
        tensors.put(input.getKey(), Tensors.toRuntime(environment, tensor, input.getValue()));
      }
      try (Deadline deadline = Deadline.of(LONGEST_RUN);
          OrtSession.Result result = runNow(tensors, wanted, deadline)) {
        Map<String, Tensor> answers = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          Tensors.fromRuntime(output.getValue())
              .ifPresent(tensor -> answers.put(output.getKey(), tensor));
        }
        return answers;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private OrtSession.Result runNow(
      Map<String, OnnxTensor> tensors, Set<String> wanted, Deadline deadline) throws OrtException {
    try {
      return session.run(tensors, wanted, deadline.options());
    } catch (OrtException e) {
      if (deadline.passed()) {
        throw new EngineException.Broken(
            "Tried to run %s, but it took longer than %d minutes; give it less at once, or take a smaller model."
                .formatted(name, LONGEST_RUN.toMinutes()),
            e);
      }
      throw e;
    }
  }

  /** Frees it. Only once, and not while it runs. */
  void free() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("Tried to close " + name, e);
    }
  }
}
