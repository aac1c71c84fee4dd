package dev.larder.resident.opennlp;

import dev.larder.resident.EngineException;
import dev.larder.resident.TextAnalyzer.Ability;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.postag.POSModel;
import opennlp.tools.sentdetect.SentenceModel;
import opennlp.tools.tokenize.TokenizerModel;

/** What OpenNLP made of model files. */
record Tools(
    Optional<SentenceFinder> sentences,
    Optional<WordFinder> words,
    Optional<Tagger> tags,
    Optional<LanguageFinder> language) {

  /** A file that was scanned. {@code path}: its name in the repo, for messages. */
  record Source(String path, Path file) {}

  @FunctionalInterface
  private interface Reading<T> {
    T from(InputStream in) throws IOException;
  }

  static Tools load(Map<Component, Source> files) throws IOException {
    return new Tools(
        read(files, Component.SENTENCES, in -> new SentenceFinder(new SentenceModel(in))),
        read(files, Component.TOKENS, in -> new WordFinder(new TokenizerModel(in))),
        read(files, Component.PARTS_OF_SPEECH, in -> new Tagger(new POSModel(in))),
        read(files, Component.LANGUAGE, in -> new LanguageFinder(new LanguageDetectorModel(in))));
  }

  /** What can be done with such files: parts of speech only where words are found. */
  static Set<Ability> abilities(Set<Component> components) {
    Set<Ability> abilities = EnumSet.noneOf(Ability.class);
    components.forEach(component -> abilities.add(component.ability));
    if (!components.contains(Component.TOKENS)) {
      abilities.remove(Ability.PARTS_OF_SPEECH);
    }
    return abilities;
  }

  private static <T> Optional<T> read(
      Map<Component, Source> files, Component component, Reading<T> reading) throws IOException {
    Source source = files.get(component);
    if (source == null) {
      return Optional.empty();
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(source.file()))) {
      return Optional.of(reading.from(in));
    } catch (RuntimeException | IOException e) {
      throw new EngineException.Broken(
          source.path() + " could not be loaded by OpenNLP: " + e.getMessage(), e);
    }
  }
}
