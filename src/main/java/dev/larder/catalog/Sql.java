package dev.larder.catalog;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Runs statements of a catalog and words what went wrong. */
final class Sql {
  private final Jdbi readers;
  private final Jdbi writer;
  private final String where;

  /** {@code where}: how messages name the database. */
  Sql(Jdbi readers, Jdbi writer, String where) {
    this.readers = readers;
    this.writer = writer;
    this.where = where;
  }

  <T> T read(String what, Function<Handle, T> work) {
    try {
      return readers.withHandle(work::apply);
    } catch (JdbiException e) {
      throw Failures.of("read " + what + " in", where, e);
    }
  }

  /** One short transaction; all of it or nothing. */
  void write(String what, Consumer<Handle> work) {
    try {
      writer.useTransaction(work::accept);
    } catch (JdbiException e) {
      throw Failures.of("write " + what + " in", where, e);
    }
  }

  /**
   * {@code statement} once for each of {@code rows}, which {@code bind} fills in; all or nothing.
   */
  <T> void batch(
      String what, Collection<T> rows, String statement, BiConsumer<PreparedBatch, T> bind) {
    if (rows.isEmpty()) {
      return;
    }
    write(
        what,
        handle -> {
          PreparedBatch batch = handle.prepareBatch(statement);
          for (T row : rows) {
            bind.accept(batch, row);
            batch.add();
          }
          int[] _ = batch.execute();
        });
  }

  /** Times are kept to the millisecond; what lies beyond the calendar is its end. */
  static long millis(Instant instant) {
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException | DateTimeException _) {
      // Beyond the calendar.
      return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
