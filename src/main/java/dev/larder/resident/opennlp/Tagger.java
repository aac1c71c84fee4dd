package dev.larder.resident.opennlp;

import java.util.ArrayList;
import java.util.List;
import opennlp.tools.postag.POSModel;
import opennlp.tools.postag.POSTaggerME;

/** The parts of speech of words, by the names of Universal Dependencies. */
final class Tagger {
  /** The tagger copies what it has for each word that it adds; few sentences are longer. */
  static final int MOST_WORDS = 256;

  private final Pool<POSTaggerME> taggers;

  Tagger(POSModel model) {
    this.taggers = new Pool<>(() -> new POSTaggerME(model));
  }

  /** One for each word, in order. */
  List<String> tag(List<String> words) {
    return taggers.use(tagger -> tag(tagger, words));
  }

  private static List<String> tag(POSTaggerME tagger, List<String> words) {
    List<String> tags = new ArrayList<>(words.size());
    for (int from = 0; from < words.size(); from += MOST_WORDS) {
      List<String> some = words.subList(from, Math.min(words.size(), from + MOST_WORDS));
      tags.addAll(List.of(tagger.tag(some.toArray(String[]::new))));
    }
    return tags;
  }
}
