package dev.larder.resident.opennlp;

import java.util.ArrayList;
import java.util.List;
import opennlp.tools.sentdetect.SentenceDetectorME;
import opennlp.tools.sentdetect.SentenceModel;
import opennlp.tools.util.Span;

/** Where the sentences of a text are. */
final class SentenceFinder {
  /** How much the detector sees at once: more than any sentence has. */
  static final int WINDOW = 16_384;

  private final Pool<SentenceDetectorME> detectors;

  SentenceFinder(SentenceModel model) {
    this.detectors = new Pool<>(() -> new SentenceDetectorME(model));
  }

  List<Span> find(String text) {
    return detectors.use(detector -> find(detector, text));
  }

  private static List<Span> find(SentenceDetectorME detector, String text) {
    List<Span> sentences = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Cuts.end(text, from, WINDOW);
      Span[] found = detector.sentPosDetect(text.substring(from, to));
      int kept = kept(found.length, to == text.length());
      for (int i = 0; i < kept; i++) {
        sentences.add(new Span(from + found[i].getStart(), from + found[i].getEnd()));
      }
      from = kept == found.length ? to : from + found[kept].getStart();
    }
    return sentences;
  }

  /** The last one of a window may go on behind it, so the next window begins there. */
  private static int kept(int found, boolean end) {
    return end || found <= 1 ? found : found - 1;
  }
}
