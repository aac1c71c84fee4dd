package dev.larder.resident.opennlp;

import dev.larder.resident.EngineException;
import dev.larder.resident.TextAnalyzer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import opennlp.tools.util.Span;
import org.jspecify.annotations.Nullable;

/** The tools of one repo as one analyzer. */
final class OpenNlpModel implements TextAnalyzer, AutoCloseable {
  private final Set<Ability> abilities;
  private volatile @Nullable Tools tools;

  OpenNlpModel(Set<Ability> abilities, Tools tools) {
    this.abilities = Set.copyOf(abilities);
    this.tools = tools;
  }

  @Override
  public String engine() {
    return OpenNlpEngine.NAME;
  }

  @Override
  public Set<Ability> abilities() {
    return abilities;
  }

  @Override
  public List<Sentence> sentences(String text) {
    Tools used = used();
    SentenceFinder finder = used.sentences().orElseThrow(() -> lacks(Ability.SENTENCES));
    List<Sentence> sentences = new ArrayList<>();
    for (Span span : finder.find(text)) {
      String sentence = text.substring(span.getStart(), span.getEnd());
      List<Token> tokens =
          used.words().isPresent() ? tokens(used, sentence, span.getStart()) : List.of();
      sentences.add(new Sentence(span.getStart(), span.getEnd(), sentence, tokens));
    }
    return sentences;
  }

  @Override
  public List<Token> tokens(String text) {
    return tokens(used(), text, 0);
  }

  @Override
  public Optional<Language> language(String text) {
    return used().language().orElseThrow(() -> lacks(Ability.LANGUAGE)).find(text);
  }

  /** Lets go of the tools; what is under way ends as usual. */
  @Override
  public void close() {
    tools = null;
  }

  /** {@code offset}: where {@code sentence} stands in the text. */
  private List<Token> tokens(Tools used, String sentence, int offset) {
    WordFinder finder = used.words().orElseThrow(() -> lacks(Ability.TOKENS));
    List<Span> spans = finder.find(sentence);
    List<String> words =
        spans.stream().map(s -> sentence.substring(s.getStart(), s.getEnd())).toList();
    Optional<List<String>> tags = used.tags().map(tagger -> tagger.tag(words));
    List<Token> tokens = new ArrayList<>(words.size());
    for (int i = 0; i < words.size(); i++) {
      int number = i;
      tokens.add(
          new Token(
              offset + spans.get(i).getStart(),
              offset + spans.get(i).getEnd(),
              words.get(i),
              tags.map(all -> all.get(number))));
    }
    return tokens;
  }

  private Tools used() {
    Tools here = tools;
    if (here == null) {
      throw new IllegalStateException("this model was closed: use it under its lease only");
    }
    return here;
  }

  private EngineException.BadInput lacks(Ability ability) {
    return new EngineException.BadInput(
        "The model cannot give "
            + ability
            + ": its repo has no OpenNLP file for it, only for "
            + new TreeSet<>(abilities)
            + ".",
        null);
  }
}
