package dev.larder.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * A fixed number of open connections, each lent to one caller at a time. With a single one this is
 * the queue of writers.
 */
final class Lent implements ConnectionFactory, AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final BlockingQueue<Connection> idle;
  private final int size;
  private volatile boolean closed;

  Lent(List<Connection> connections) {
    size = connections.size();
    idle = new ArrayBlockingQueue<>(size, false, connections);
  }

  @Override
  public Connection openConnection() throws SQLException {
    if (closed) {
      throw new SQLException("the catalog is closed");
    }
    try {
      Connection connection = idle.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (connection == null) {
        throw new SQLException("no connection became free within %d s".formatted(PATIENCE_SECONDS));
      }
      return connection;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while waiting for a connection", e);
    }
  }

  @Override
  public void closeConnection(Connection connection) {
    idle.add(connection);
  }

  /** Waits for what is lent, then closes every connection. */
  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    SQLException failure = null;
    for (int i = 0; i < size; i++) {
      try {
        openConnection().close();
      } catch (SQLException e) {
        failure = e;
      }
    }
    closed = true;
    if (failure != null) {
      throw failure;
    }
  }
}
