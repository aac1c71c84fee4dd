package dev.larder.models;

import dev.larder.catalog.ModelRows.ModelRow;
import dev.larder.catalog.ModelRows.PulledRow;
import dev.larder.models.RegisteredModel.Pulled;
import java.time.Instant;
import java.util.Optional;

/** A registration and what was brought for it. */
record Registered(Registration registration, Instant at, Optional<Pulled> pulled) {
  ModelName name() {
    return registration.name();
  }

  /** Whether it is this very registration, whatever was brought for it since. */
  boolean isSame(Registered other) {
    return registration.equals(other.registration) && at.equals(other.at);
  }

  Registered with(Pulled brought) {
    return new Registered(registration, at, Optional.of(brought));
  }

  static Registered of(ModelRow row) {
    return new Registered(
        new Registration(
            new ModelName(row.name()),
            row.repo(),
            row.revision(),
            row.location(),
            row.engine(),
            row.file()),
        row.registeredAt(),
        row.pulled().map(Registered::pulled));
  }

  private static Pulled pulled(PulledRow row) {
    return new Pulled(row.commit(), row.engine(), row.files(), row.sizeBytes(), row.at());
  }

  ModelRow row() {
    return new ModelRow(
        name().value(),
        registration.repo(),
        registration.revision(),
        registration.location(),
        registration.engine(),
        registration.file(),
        at,
        pulled.map(
            each ->
                new PulledRow(
                    each.commit(), each.engine(), each.files(), each.sizeBytes(), each.at())));
  }
}
