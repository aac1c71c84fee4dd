package dev.larder.resident.opennlp;

import dev.larder.resident.TextAnalyzer.Language;
import java.util.Optional;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/** What language a text is in. */
final class LanguageFinder {
  /** The beginning of a text is enough. */
  private static final int ENOUGH = 8_192;

  private final Pool<LanguageDetectorME> detectors;

  LanguageFinder(LanguageDetectorModel model) {
    this.detectors = new Pool<>(() -> new LanguageDetectorME(model));
  }

  /** Empty for a text without letters: the detector would answer just any language. */
  Optional<Language> find(String text) {
    String begin = text.substring(0, Cuts.end(text, 0, ENOUGH));
    if (begin.codePoints().noneMatch(Character::isLetter)) {
      return Optional.empty();
    }
    opennlp.tools.langdetect.Language best =
        detectors.use(detector -> detector.predictLanguage(begin));
    return Optional.of(new Language(best.getLang(), best.getConfidence()));
  }
}
