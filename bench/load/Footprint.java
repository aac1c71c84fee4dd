import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.Engine;
import dev.larder.resident.Engines;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.TextEmbedder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a sentence model takes of this process's resident memory, beside what its engine says. Arguments: the folder of another
 * model, loaded and closed first so that the native libraries are there, and that of the model. Prints one line of numbers, in KiB: the weights, after one
 * copy, after a second, what the engine said.
 */
class Footprint {
  private static final Engine ENGINE = Engines.installed().named("onnx").orElseThrow();

  void main(String[] folders) throws Exception {
    load(Path.of(folders[0])).closing().close();
    Path model = Path.of(folders[1]);
    long before = resident();
    Loaded<? extends Model> first = load(model);
    long one = resident();
    Loaded<? extends Model> second = load(model);
    long two = resident();
    long weights = Files.size(model.resolve("onnx/model.onnx"));
    IO.println("%d %d %d %d".formatted(weights >> 10, one - before, two - one, first.bytes() >> 10));
    first.closing().close();
    second.closing().close();
  }

  private static Loaded<? extends Model> load(Path folder) throws Exception {
    DirectoryModelFiles files = DirectoryModelFiles.of(folder);
    ENGINE.gather(files, ModelOptions.NONE);
    Loaded<? extends Model> loaded = ENGINE.load(files, ModelOptions.NONE);
    ((TextEmbedder) loaded.model()).embed(List.of("a cat sits on a mat"), Optional.empty());
    return loaded;
  }

  private static long resident() throws Exception {
    System.gc();
    String line = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmRSS")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("\\D+", ""));
  }
}
