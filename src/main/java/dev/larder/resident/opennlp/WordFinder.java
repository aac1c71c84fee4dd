package dev.larder.resident.opennlp;

import java.util.ArrayList;
import java.util.List;
import opennlp.tools.tokenize.TokenizerME;
import opennlp.tools.tokenize.TokenizerModel;
import opennlp.tools.util.Span;

/** Where the words of a text are. The tokenizer looks at what stands between white space. */
final class WordFinder {
  private final Pool<TokenizerME> tokenizers;

  WordFinder(TokenizerModel model) {
    this.tokenizers = new Pool<>(() -> new TokenizerME(model));
  }

  List<Span> find(String text) {
    return tokenizers.use(tokenizer -> find(tokenizer, text));
  }

  private static List<Span> find(TokenizerME tokenizer, String text) {
    List<Span> words = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Cuts.end(text, from, Cuts.LONGEST_RUN);
      for (Span word : tokenizer.tokenizePos(text.substring(from, to))) {
        words.add(new Span(from + word.getStart(), from + word.getEnd()));
      }
      from = to;
    }
    return words;
  }
}
