package dev.larder.resident.opennlp;

import dev.larder.resident.TextAnalyzer.Ability;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an OpenNLP model file can be: by the {@code Component-Name} of its manifest, and by its name
 * in a repo. {@code heap}: bytes of heap for each byte of the unpacked file, as measured; see
 * {@code docs/design/engines.md}.
 */
enum Component {
  SENTENCES(
      Ability.SENTENCES,
      "SentenceDetectorME",
      "opennlp.tools.sentdetect.SentenceDetectorFactory",
      8.0,
      "sentence|sentdetect|sent"),
  TOKENS(
      Ability.TOKENS,
      "TokenizerME",
      "opennlp.tools.tokenize.TokenizerFactory",
      8.5,
      "tokens|tokenizer|token"),
  PARTS_OF_SPEECH(
      Ability.PARTS_OF_SPEECH, "POSTaggerME", "opennlp.tools.postag.POSTaggerFactory", 4.0, "pos"),
  LANGUAGE(
      Ability.LANGUAGE,
      "LanguageDetectorME",
      "opennlp.tools.langdetect.LanguageDetectorFactory",
      2.6,
      "langdetect");

  /** Those of the project's own releases: {@code opennlp-en-ud-ewt-tokens-1.3-2.5.4.bin}. */
  private static final Pattern RELEASED =
      Pattern.compile(
          "opennlp-(?<language>[a-z]{2,3})-(?:[a-z0-9_]+-)*?"
              + "(?<part>sentence|sentdetect|tokens|tokenizer|pos)(?:-[a-z0-9._-]+)?[.]bin");

  /** The names of old: {@code en-sent.bin}, {@code en-pos-maxent.bin}. */
  private static final Pattern OLD =
      Pattern.compile("(?<language>[a-z]{2})-(?<part>sent|token|pos)(?:-[a-z0-9._]+)?[.]bin");

  private static final Pattern LANGUAGES = Pattern.compile("langdetect[a-z0-9._-]*[.]bin");

  final Ability ability;
  final String componentName;
  final String factory;
  final double heap;
  private final Pattern parts;

  Component(Ability ability, String componentName, String factory, double heap, String parts) {
    this.ability = ability;
    this.componentName = componentName;
    this.factory = factory;
    this.heap = heap;
    this.parts = Pattern.compile(parts);
  }

  /** What a file seems to be. {@code language}: of its text; empty for one that tells languages. */
  record Named(String path, Component component, Optional<String> language) {}

  static Optional<Component> ofManifest(String componentName) {
    return Arrays.stream(values()).filter(c -> c.componentName.equals(componentName)).findFirst();
  }

  static Optional<Named> ofPath(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (LANGUAGES.matcher(name).matches()) {
      return Optional.of(new Named(path, LANGUAGE, Optional.empty()));
    }
    return ofPart(path, RELEASED.matcher(name)).or(() -> ofPart(path, OLD.matcher(name)));
  }

  private static Optional<Named> ofPart(String path, Matcher name) {
    if (!name.matches()) {
      return Optional.empty();
    }
    String part = name.group("part");
    return Arrays.stream(values())
        .filter(c -> c.parts.matcher(part).matches())
        .findFirst()
        .map(c -> new Named(path, c, Optional.of(name.group("language"))));
  }
}
