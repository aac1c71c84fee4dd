package com.example.policy;

import com.example.policy.AnalysisRequest.Mode;
import com.example.policy.Clusters.Likeness;
import dev.larder.resident.Lease;
import dev.larder.resident.TextAnalyzer;
import dev.larder.resident.TextAnalyzer.Sentence;
import dev.larder.resident.TextEmbedder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One analysis: cells → clauses → vectors or words → clusters. */
final class Analysis {
  private static final int MOST_CLAUSES = 5_000;
  private static final int BATCH = 32;

  /** Headings and names are no clauses. */
  private static final int LEAST_WORDS = 3;

  private static final int SPLIT_DONE = 20;
  private static final int COMPARED_FROM = 90;

  private final SharedModels models;
  private final AnalysisRequest request;
  private final String owner;
  private final IntConsumer progress;

  /** {@code owner}: who holds the models meanwhile. {@code progress}: told from 0 to 100. */
  Analysis(SharedModels models, AnalysisRequest request, String owner, IntConsumer progress) {
    this.models = models;
    this.request = request;
    this.owner = owner;
    this.progress = progress;
  }

  AnalysisResult run() throws Refused, InterruptedException {
    long begin = System.nanoTime();
    List<Clause> clauses = clauses();
    progress.accept(SPLIT_DONE);
    List<List<Clause>> things =
        request.mode() == Mode.CLAUSES ? clauses.stream().map(List::of).toList() : rows(clauses);
    Likeness likeness = request.semantic() ? byMeaning(clauses, things) : byWords(things);
    progress.accept(COMPARED_FROM);
    List<List<Integer>> clusters = Clusters.of(things.size(), request.accuracy(), likeness);
    return AnalysisResult.of(
        request, clauses.size(), things, clusters, likeness, System.nanoTime() - begin);
  }

  private List<Clause> clauses() throws Refused, InterruptedException {
    List<Clause> clauses = new ArrayList<>();
    try (Lease<TextAnalyzer> pipeline = models.pipeline(owner)) {
      for (TextCell cell : request.cells()) {
        stopIfAsked();
        split(pipeline.model(), cell, clauses);
        if (clauses.size() > MOST_CLAUSES) {
          throw new Refused(
              422,
              "too-many-clauses",
              "The file has more than " + MOST_CLAUSES + " clauses. Split it into several.");
        }
      }
    }
    if (clauses.isEmpty()) {
      throw new Refused(
          422,
          "file-without-text",
          "No cell of the file has a sentence of at least " + LEAST_WORDS + " words.");
    }
    return clauses;
  }

  /** The sentences of each line, since a line in a cell ends what it says. */
  private static void split(TextAnalyzer pipeline, TextCell cell, List<Clause> clauses) {
    int from = 0;
    for (String line : cell.text().split("\n", -1)) {
      for (Sentence sentence : pipeline.sentences(line)) {
        if (Vectors.words(sentence.text()).size() >= LEAST_WORDS) {
          clauses.add(
              new Clause(cell, from + sentence.start(), from + sentence.end(), sentence.text()));
        }
      }
      from += line.length() + 1;
    }
  }

  private static List<List<Clause>> rows(List<Clause> clauses) {
    record Row(String sheet, int number) {}
    Map<Row, List<Clause>> rows =
        clauses.stream()
            .collect(
                Collectors.groupingBy(
                    clause -> new Row(clause.cell().sheet(), clause.cell().row()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return List.copyOf(rows.values());
  }

  private static Likeness byWords(List<List<Clause>> things) {
    List<Set<String>> words =
        things.stream()
            .map(thing -> thing.stream().map(Clause::text).collect(Collectors.joining(" ")))
            .map(Vectors::words)
            .toList();
    return (one, other) -> Vectors.overlap(words.get(one), words.get(other));
  }

  private Likeness byMeaning(List<Clause> clauses, List<List<Clause>> things)
      throws InterruptedException {
    Set<String> texts =
        clauses.stream().map(Clause::text).collect(Collectors.toCollection(LinkedHashSet::new));
    Map<String, float[]> vectors = vectors(List.copyOf(texts));
    List<float[]> all =
        things.stream()
            .map(thing -> thing.stream().map(clause -> vectors.get(clause.text())).toList())
            .map(Vectors::mean)
            .toList();
    return (one, other) -> Vectors.cosine(all.get(one), all.get(other));
  }

  private Map<String, float[]> vectors(List<String> texts) throws InterruptedException {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    try (Lease<TextEmbedder> embedder = models.embeddings(owner)) {
      for (int from = 0; from < texts.size(); from += BATCH) {
        stopIfAsked();
        List<String> batch = texts.subList(from, Math.min(texts.size(), from + BATCH));
        List<float[]> made = embedder.model().embed(batch, Optional.empty()).vectors();
        IntStream.range(0, batch.size())
            .forEach(i -> vectors.put(batch.get(i), Vectors.normal(made.get(i))));
        progress.accept(SPLIT_DONE + (COMPARED_FROM - SPLIT_DONE) * vectors.size() / texts.size());
      }
    }
    return vectors;
  }

  private static void stopIfAsked() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
