package dev.larder.serve.openai;

import dev.larder.content.InvalidName;
import dev.larder.content.LarderException;
import dev.larder.content.Reserve;
import dev.larder.mirror.Caller;
import dev.larder.models.LoadedModels;
import dev.larder.models.ModelsException;
import dev.larder.resident.Embeddings;
import dev.larder.resident.EngineException;
import dev.larder.resident.ImageEmbedder;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.resident.TextEmbedder;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Answers a {@link Question}. Safe for concurrent use. */
final class Embedding {
  private static final int LONGEST_USER = 64;

  /** Until an answer is written whole, there are its pieces too. */
  private static final long COPIES = 2;

  private final LoadedModels models;
  private final Caller site;

  /** {@code site}: says whether the hub may be asked when models are brought here. */
  Embedding(LoadedModels models, Caller site) {
    this.models = models;
    this.site = site;
  }

  /** The answer's body. Throws {@link LarderException}. */
  byte[] answer(Question question, String peer, Reserve memory) {
    Embeddings made;
    try (Lease<Model> lease = lease(question, peer)) {
      memory.take(bytes(question.input().count(), dimensions(question, lease.model())));
      made = embed(question, lease.model());
    }
    List<float[]> vectors = Vectors.cut(question.model(), made, question.dimensions());
    // Only now: while a model computes, others can use what its answer will need.
    memory.take(
        COPIES
            * AnswerWriter.estimateBytes(
                vectors.size(), vectors.getFirst().length, question.format()));
    return AnswerWriter.write(question.model(), vectors, question.format(), made.tokens());
  }

  private static long bytes(int vectors, int dimensions) {
    return (long) vectors * dimensions * Float.BYTES;
  }

  private Lease<Model> lease(Question question, String peer) {
    try {
      return models.acquire(question.model(), site, owner(question, peer));
    } catch (InvalidName e) {
      throw new ModelsException.NoSuchModel(
          "There is no model '%s' here. %s GET /v1/models names those that are."
              .formatted(InvalidName.quoted(question.model(), 120), e.explanation()));
    }
  }

  /** For people who look for who holds what. */
  private static String owner(Question question, String peer) {
    return "embeddings for "
        + question.user().map(user -> InvalidName.quoted(user, LONGEST_USER) + " at ").orElse("")
        + peer;
  }

  private static int dimensions(Question question, Model model) {
    int most =
        switch (question.input()) {
          case Question.Input.Texts _ -> texts(question, model).dimensions();
          case Question.Input.Images _ -> images(question, model).imageDimensions();
        };
    if (question.dimensions().orElse(1) > most) {
      throw new BadParameter(
          "dimensions",
          "'dimensions' must be at most %d, the length of the vectors of '%s'."
              .formatted(most, question.model()));
    }
    return most;
  }

  private static Embeddings embed(Question question, Model model) {
    try {
      return switch (question.input()) {
        case Question.Input.Texts input ->
            embed(texts(question, model), input.texts(), question.prompt());
        case Question.Input.Images input -> images(question, model).embedImages(input.files());
      };
    } catch (EngineException e) {
      throw ModelsException.of(e, String.valueOf(e.getMessage()));
    }
  }

  private static Embeddings embed(
      TextEmbedder embedder, List<String> texts, Optional<String> prompt) {
    prompt
        .filter(name -> !embedder.prompts().contains(name))
        .ifPresent(
            name -> {
              throw new BadParameter(
                  "prompt_name",
                  embedder.prompts().isEmpty()
                      ? "This model has no prompts; leave 'prompt_name' out."
                      : "This model has no prompt '%s'; it has %s."
                          .formatted(
                              InvalidName.quoted(name, 120),
                              String.join(", ", new TreeSet<>(embedder.prompts()))));
            });
    return embedder.embed(texts, prompt);
  }

  private static TextEmbedder texts(Question question, Model model) {
    if (model instanceof TextEmbedder embedder) {
      return embedder;
    }
    throw unable(question, "texts");
  }

  private static ImageEmbedder images(Question question, Model model) {
    if (model instanceof ImageEmbedder embedder) {
      return embedder;
    }
    throw unable(question, "images");
  }

  private static BadParameter unable(Question question, String what) {
    return new BadParameter(
        "model",
        "'%s' makes no vectors of %s: its file takes other inputs, or its repo lacks what goes with it (tokenizer.json for texts, preprocessor_config.json for images). Name another model, or register this one with another \"file\"."
            .formatted(question.model(), what));
  }
}
