package dev.larder.resident;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes language apart: which of its abilities a model has depends on the files it was made of. */
public interface TextAnalyzer extends Model {
  /** One step of an analysis. */
  enum Ability {
    LANGUAGE,
    SENTENCES,
    TOKENS,
    PARTS_OF_SPEECH
  }

  /** A word and, when the model has that ability, its part of speech, such as {@code NOUN}. */
  record Token(int start, int end, String text, Optional<String> partOfSpeech) {}

  /** A sentence: where it stands in the text, and its words, when the model has that ability. */
  record Sentence(int start, int end, String text, List<Token> tokens) {
    public Sentence {
      tokens = List.copyOf(tokens);
    }
  }

  /** An ISO 639-3 code and how sure the model is of it, from 0 to 1. */
  record Language(String code, double confidence) {}

  Set<Ability> abilities();

  /**
   * The sentences of a text, in order.
   *
   * @throws EngineException.BadInput when it cannot find any: it lacks {@link Ability#SENTENCES}
   */
  List<Sentence> sentences(String text);

  /**
   * The words of a text, taken as one sentence.
   *
   * @throws EngineException.BadInput when it lacks {@link Ability#TOKENS}
   */
  List<Token> tokens(String text);

  /**
   * What language a text is in; empty when the model cannot tell.
   *
   * @throws EngineException.BadInput when it lacks {@link Ability#LANGUAGE}
   */
  Optional<Language> language(String text);
}
