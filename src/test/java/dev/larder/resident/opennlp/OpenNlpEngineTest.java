package dev.larder.resident.opennlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.EngineException;
import dev.larder.resident.Engines;
import dev.larder.resident.ModelOptions;
import dev.larder.testing.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded of a repo, and what is refused before OpenNLP sees it. */
class OpenNlpEngineTest {
  private static final String SENTENCES = "opennlp-en-ud-ewt-sentence-1.3-2.5.4.bin";
  private static final String TOKENS = "opennlp-en-ud-ewt-tokens-1.3-2.5.4.bin";
  private static final String POS = "opennlp-en-ud-ewt-pos-1.3-2.5.4.bin";

  @TempDir Path repo;
  private RepoFiles files = new RepoFiles(Path.of(""));
  private final OpenNlpEngine engine = new OpenNlpEngine();

  @BeforeEach
  void models() throws IOException {
    TestModels.openNlp(repo);
    files = new RepoFiles(repo);
  }

  @Test
  void engine_ofTheProgram_isFoundByItsName() {
    assertThat(Engines.installed().named("opennlp")).containsInstanceOf(OpenNlpEngine.class);
    assertThat(Engines.installed().suiting(files.paths())).containsInstanceOf(OpenNlpEngine.class);
  }

  @Test
  void gather_ofARepo_bringsTheModelsAlone() throws Exception {
    Files.writeString(repo.resolve("README.md"), "read me");
    Files.writeString(repo.resolve("pytorch_model.bin"), "weights");

    List<String> gathered = engine.gather(files, ModelOptions.NONE);

    assertThat(gathered).containsExactlyInAnyOrder(SENTENCES, TOKENS, POS, "langdetect-183.bin");
    assertThat(files.brought).containsExactlyInAnyOrderElementsOf(gathered);
  }

  @Test
  void estimate_ofTheModels_isWhatTheyAreMeasuredToTake() throws Exception {
    engine.gather(files, ModelOptions.NONE);

    long estimate = engine.estimateBytes(files, ModelOptions.NONE);

    // 46 MB of heap, by docs/design/engines.md.
    assertThat(estimate).isBetween(40_000_000L, 60_000_000L);
    assertThat(engine.load(files, ModelOptions.NONE).bytes()).isEqualTo(estimate);
  }

  @Test
  void bytes_anywhereDamaged_areNoticed() throws Exception {
    byte[] whole = Files.readAllBytes(repo.resolve(TOKENS));
    for (int at = 60; at < whole.length - 400; at += whole.length / 40) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Files.write(repo.resolve(TOKENS), damaged);

      assertThatThrownBy(() -> load(TOKENS))
          .as("byte %d", at)
          .isInstanceOf(EngineException.Broken.class)
          .hasMessageContaining(TOKENS);
    }
  }

  @Test
  void bytes_ofTheHeaders_changedGiveAnAnswerInWords() throws Exception {
    byte[] whole = Files.readAllBytes(repo.resolve(SENTENCES));
    int broken = 0;
    for (int at = 0; at < 400; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(repo.resolve(SENTENCES), damaged);
      try {
        load(SENTENCES);
      } catch (EngineException e) {
        assertThat(e).as("byte %d", at).hasMessageContaining(SENTENCES);
        broken++;
      }
    }
    assertThat(broken).isGreaterThan(300);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 100, 20_000, 300_000})
  void file_cutOff_isBroken(int length) throws Exception {
    byte[] whole = Files.readAllBytes(repo.resolve(TOKENS));
    Files.write(repo.resolve(TOKENS), java.util.Arrays.copyOf(whole, length));

    assertThatThrownBy(() -> load(TOKENS)).isInstanceOf(EngineException.Broken.class);
  }

  @ParameterizedTest
  @CsvSource({"80027d7100, pickle", "8004950000, pickle", "aced000573, Java objects"})
  void file_thatRunsCodeUnderAnotherName_isUnsafe(String head, String what) throws Exception {
    Files.write(repo.resolve(SENTENCES), java.util.HexFormat.of().parseHex(head));

    assertThatThrownBy(() -> load(SENTENCES))
        .isInstanceOf(EngineException.UnsafeFormat.class)
        .hasMessageContainingAll(SENTENCES, what);
  }

  @Test
  void checkpointOfPyTorch_underAnotherName_isUnsafe() throws Exception {
    zip(SENTENCES, Map.of("archive/data.pkl", new byte[] {(byte) 0x80, 2, '.'}));

    assertThatThrownBy(() -> load(SENTENCES))
        .isInstanceOf(EngineException.UnsafeFormat.class)
        .hasMessageContaining("pickle");
  }

  @Test
  void artifact_ofSerialisedObjects_isUnsafe() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(List.of("gadget"));
    }
    Map<String, byte[]> entries = entries(SENTENCES);
    entries.put("sent.model", bytes.toByteArray());
    zip(SENTENCES, entries);

    assertThatThrownBy(() -> load(SENTENCES))
        .isInstanceOf(EngineException.UnsafeFormat.class)
        .hasMessageContaining("serialised Java objects");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "factory=com.example.Gadget",
        "factory=opennlp.tools.tokenize.TokenizerFactory",
        "serializer-class-sent.model=com.example.Gadget"
      })
  void manifest_thatNamesCode_isUnsafe(String line) throws Exception {
    Map<String, byte[]> entries = entries(SENTENCES);
    String manifest = new String(entries.get("manifest.properties"), StandardCharsets.ISO_8859_1);
    entries.put("manifest.properties", bytes(manifest + "\n" + line + "\n"));
    zip(SENTENCES, entries);

    assertThatThrownBy(() -> load(SENTENCES))
        .isInstanceOf(EngineException.UnsafeFormat.class)
        .hasMessageContaining(line.substring(line.indexOf('=') + 1));
  }

  @Test
  void model_namedAsAnother_isBroken() throws Exception {
    Files.copy(repo.resolve(TOKENS), repo.resolve("en-sent.bin"));

    assertThatThrownBy(() -> load("en-sent.bin"))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContainingAll("en-sent.bin", "SentenceDetectorME", "TokenizerME");
  }

  @Test
  void model_underAnyName_isTakenWhenItIsGiven() throws Exception {
    Files.copy(repo.resolve(TOKENS), repo.resolve("words.bin"));

    engine.gather(files, ModelOptions.ofFile("words.bin"));

    assertThat(files.brought).containsExactly("words.bin");
    assertThat(engine.load(files, ModelOptions.ofFile("words.bin")).model().tokens("So it is."))
        .hasSize(4);
  }

  @Test
  void model_forSomethingElse_saysForWhat() throws Exception {
    zip("x.bin", Map.of("manifest.properties", bytes("Component-Name=NameFinderME\n")));

    assertThatThrownBy(() -> load("x.bin"))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContainingAll("x.bin", "NameFinderME");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Component-Name=\\u00zz"})
  void zip_withoutAManifest_isBroken(String manifest) throws Exception {
    zip("x.bin", Map.of(manifest.isEmpty() ? "a.txt" : "manifest.properties", bytes(manifest)));

    assertThatThrownBy(() -> load("x.bin")).isInstanceOf(EngineException.Broken.class);
  }

  @Test
  void zip_thatUnpacksToMoreThanMemory_isBrokenAndNotUnpacked() throws Exception {
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(repo.resolve("en-sent.bin")))) {
      zip.putNextEntry(new ZipEntry("sent.model"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i <= Archive.LARGEST / zeros.length; i++) {
        zip.write(zeros);
      }
    }
    Files.delete(repo.resolve(SENTENCES));

    assertThatThrownBy(() -> load("en-sent.bin"))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContaining("unpacked");
  }

  @Test
  void countsOfAModel_beyondReason_areBroken() throws Exception {
    Map<String, byte[]> entries = entries(SENTENCES);
    byte[] model = entries.get("sent.model");
    // "GIS", a correction constant and parameter, and then how many outcomes there are.
    System.arraycopy(new byte[] {0x7f, -1, -1, -1}, 0, model, 5 + 4 + 8, 4);
    zip(SENTENCES, entries);

    assertThatThrownBy(() -> load(SENTENCES))
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContaining("could not be loaded by OpenNLP");
  }

  @Test
  void partsOfSpeech_withoutWords_areNothingUsable() {
    assertThatThrownBy(() -> load(POS))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContaining("tokens");
  }

  /** As the registry does it: gather, estimate, load. */
  private void load(String path) throws Exception {
    ModelOptions options = ModelOptions.ofFile(path);
    engine.gather(files, options);
    engine.estimateBytes(files, options);
    engine.load(files, options).closing().close();
  }

  private Map<String, byte[]> entries(String path) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(repo.resolve(path)))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        entries.put(e.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }

  private void zip(String path, Map<String, byte[]> entries) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(repo.resolve(path)))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
