package dev.larder.store;

import java.util.ArrayList;
import java.util.List;

/** What the opening of a store found, until somebody asks for it. Safe for concurrent use. */
final class Notes {
  /** A directory may be full of what does not belong there. */
  private static final int MOST = 1000;

  private final List<Oddity> notes = new ArrayList<>();

  synchronized void add(Oddity note) {
    if (notes.size() < MOST) {
      notes.add(note);
    }
  }

  /** Each note is given out once. */
  synchronized List<Oddity> take() {
    List<Oddity> taken = List.copyOf(notes);
    notes.clear();
    return taken;
  }
}
