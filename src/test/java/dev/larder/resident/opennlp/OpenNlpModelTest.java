package dev.larder.resident.opennlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.EngineException;
import dev.larder.resident.Lease;
import dev.larder.resident.Loaded;
import dev.larder.resident.ModelKey;
import dev.larder.resident.ModelLoader;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.ResidentModels;
import dev.larder.resident.ResidentSettings;
import dev.larder.resident.TextAnalyzer;
import dev.larder.resident.TextAnalyzer.Ability;
import dev.larder.resident.TextAnalyzer.Sentence;
import dev.larder.resident.TextAnalyzer.Token;
import dev.larder.testing.TestModels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real English models say of texts. */
class OpenNlpModelTest {
  private static final int LONG_TEXT = Boolean.getBoolean("larder.long") ? 1_000_000 : 200_000;

  private static final String POLICY =
      """
      The insurer, i.e. Acme Insurance Ltd., pays for damage by water. Dr. Miller must be told \
      within 14 days! Who pays later?

      The excess is $1,000 per claim. It doesn't apply to theft.\
      """;

  @TempDir static Path repo;
  private static Loaded<TextAnalyzer> loaded = new Loaded<>(new Nothing(), 0, () -> {});

  @BeforeAll
  static void load() throws Exception {
    TestModels.openNlp(repo);
    loaded = load(ModelOptions.NONE);
  }

  @AfterAll
  static void close() throws Exception {
    loaded.closing().close();
  }

  @Test
  void sentences_ofAPolicy_endAtTheirStopsAndNotAtAbbreviations() {
    List<Sentence> sentences = loaded.model().sentences(POLICY);

    assertThat(sentences)
        .extracting(Sentence::text)
        .containsExactly(
            "The insurer, i.e. Acme Insurance Ltd., pays for damage by water.",
            "Dr. Miller must be told within 14 days!",
            "Who pays later?",
            "The excess is $1,000 per claim.",
            "It doesn't apply to theft.");
    for (Sentence sentence : sentences) {
      assertThat(POLICY.substring(sentence.start(), sentence.end())).isEqualTo(sentence.text());
    }
  }

  @Test
  void tokens_ofASentence_standWhereTheySayInTheText() {
    List<Sentence> sentences = loaded.model().sentences(POLICY);

    for (Sentence sentence : sentences) {
      for (Token token : sentence.tokens()) {
        assertThat(POLICY.substring(token.start(), token.end())).isEqualTo(token.text());
      }
    }
    assertThat(sentences.get(4).tokens())
        .extracting(Token::text)
        .containsExactly("It", "doesn't", "apply", "to", "theft", ".");
  }

  @Test
  void partsOfSpeech_ofWords_haveTheNamesOfUniversalDependencies() {
    assertThat(loaded.model().tokens("The insurer pays for the broken window."))
        .extracting(token -> token.text() + "/" + token.partOfSpeech().orElseThrow())
        .containsExactly(
            "The/DET",
            "insurer/NOUN",
            "pays/VERB",
            "for/ADP",
            "the/DET",
            "broken/ADJ",
            "window/NOUN",
            "./PUNCT");
  }

  @ParameterizedTest
  @CsvSource({
    "The insurer pays for damage that is caused by water., eng",
    "Der Versicherer zahlt für Schäden durch Wasser., deu",
    "De verzekeraar betaalt de schade die door water is ontstaan., nld"
  })
  void language_ofASentence_isTold(String text, String code) {
    assertThat(loaded.model().language(text)).map(TextAnalyzer.Language::code).contains(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "12 % / 3", "!?", "\uD83D\uDE00"})
  void language_withoutLetters_isUnknown(String text) {
    Optional<TextAnalyzer.Language> language = loaded.model().language(text);

    assertThat(language).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\n \t\u00a0"})
  void text_withoutWords_hasNone(String text) {
    assertThat(loaded.model().sentences(text)).isEmpty();
    assertThat(loaded.model().tokens(text)).isEmpty();
  }

  @Test
  void sentences_ofALongText_areThoseOfItsParts() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      parts.add("Clause " + i + " applies to water. The excess, e.g. of " + i + " euros, is due.");
    }
    List<String> expected = new ArrayList<>();
    for (String part : parts) {
      loaded.model().sentences(part).forEach(sentence -> expected.add(sentence.text()));
    }
    String text = String.join(" ", parts);

    List<Sentence> sentences = loaded.model().sentences(text);

    assertThat(text.length()).isBetween(SentenceFinder.WINDOW / 2, SentenceFinder.WINDOW);
    String longer = (text + " ").repeat(5);
    assertThat(sentences).extracting(Sentence::text).isEqualTo(expected);
    assertThat(loaded.model().sentences(longer))
        .hasSize(5 * sentences.size())
        .allSatisfy(
            one ->
                assertThat(longer.substring(one.start(), one.end()))
                    .isEqualTo(one.text())
                    .endsWith("."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"The insurer pays. ", "a", "A.", "word ", ". ", "\uD83D\uDE00", "a@b.c-"})
  void text_thatIsLong_isTakenApartInSeconds(String part) {
    String text = part.repeat(LONG_TEXT / part.length());

    assertThat(seconds(() -> loaded.model().sentences(text).size())).isLessThan(60.0);
    assertThat(seconds(() -> loaded.model().language(text))).isLessThan(10.0);
  }

  @Test
  void anyText_isTakenApartWithoutAFault() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String alphabet = " \n\t\u00a0\u3000.!?\"'()-,aAéß1中\uD83D\uDE00\uD83D\u0000";
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(60);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String given = text.toString();
      int end = 0;
      for (Sentence sentence : loaded.model().sentences(given)) {
        assertThat(sentence.start()).as("seed %d: %s", seed, given).isGreaterThanOrEqualTo(end);
        end = sentence.end();
        assertThat(given.substring(sentence.start(), end)).isEqualTo(sentence.text());
      }
      assertThat(loaded.model().language(given)).as("seed %d: %s", seed, given).isNotNull();
    }
  }

  @Test
  void threads_sixteenAtOnce_getWhatOneAloneGets() throws Exception {
    List<String> texts = new ArrayList<>();
    List<List<Sentence>> alone = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      texts.add(POLICY.replace("14 days", i + " days").repeat(1 + i % 4));
      alone.add(loaded.model().sentences(texts.get(i)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        int number = i;
        running.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 20; round++) {
                    int which = (number + round) % 16;
                    assertThat(loaded.model().sentences(texts.get(which)))
                        .isEqualTo(alone.get(which));
                    assertThat(loaded.model().language(texts.get(which)))
                        .map(TextAnalyzer.Language::code)
                        .contains("eng");
                  }
                  return null;
                }));
      }
      for (Future<Void> one : running) {
        one.get();
      }
    }
  }

  @Test
  void model_ofOneFile_hasItsAbilityAlone() throws Exception {
    String file = "opennlp-en-ud-ewt-sentence-1.3-2.5.4.bin";
    TextAnalyzer model = load(ModelOptions.ofFile(file)).model();

    assertThat(model.abilities()).containsExactly(Ability.SENTENCES);
    assertThat(model.sentences("One. Two.")).allMatch(sentence -> sentence.tokens().isEmpty());
    assertThatThrownBy(() -> model.tokens("One"))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessageContainingAll("TOKENS", "only for [SENTENCES]");
    assertThatThrownBy(() -> model.language("One")).isInstanceOf(EngineException.BadInput.class);
  }

  @Test
  void model_closed_refusesToBeUsed() throws Exception {
    Loaded<TextAnalyzer> other = load(ModelOptions.NONE);
    other.closing().close();

    assertThatThrownBy(() -> other.model().sentences("One."))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> other.model().language("One."))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void model_underLeases_isLoadedOnceAndClosedAfterTheLast() {
    ModelKey<TextAnalyzer> key = ModelKey.of("nlp", TextAnalyzer.class);
    ModelLoader<TextAnalyzer> loader = ModelLoader.of(1, () -> load(ModelOptions.NONE));
    try (ResidentModels models =
        ResidentModels.open(
            ResidentSettings.ofBudget(1_000_000_000), InstantSource.system(), _ -> {})) {
      TextAnalyzer used;
      try (Lease<TextAnalyzer> first = models.acquire(key, loader, "a", Duration.ofMinutes(1));
          Lease<TextAnalyzer> second = models.acquire(key, loader, "b", Duration.ofMinutes(1))) {
        used = second.model();
        assertThat(used).isSameAs(first.model());
        models.clear();
        assertThat(used.sentences(POLICY)).hasSize(5);
      }
      assertThatThrownBy(() -> used.sentences(POLICY)).isInstanceOf(IllegalStateException.class);
    }
  }

  private static Loaded<TextAnalyzer> load(ModelOptions options) throws Exception {
    OpenNlpEngine engine = new OpenNlpEngine();
    RepoFiles files = new RepoFiles(repo);
    engine.gather(files, options);
    return engine.load(files, options);
  }

  private static double seconds(Callable<?> task) {
    long begin = System.nanoTime();
    try {
      task.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private record Nothing() implements TextAnalyzer {
    @Override
    public String engine() {
      return "";
    }

    @Override
    public java.util.Set<Ability> abilities() {
      return java.util.Set.of();
    }

    @Override
    public List<Sentence> sentences(String text) {
      return List.of();
    }

    @Override
    public List<Token> tokens(String text) {
      return List.of();
    }

    @Override
    public Optional<Language> language(String text) {
      return Optional.empty();
    }
  }
}
