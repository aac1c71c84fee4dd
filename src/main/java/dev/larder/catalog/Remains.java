package dev.larder.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What can still be read, in a damaged catalog, of that which no file tells: only to be named to a
 * person, never to be believed.
 */
final class Remains {
  private static final int MOST = 50;

  private Remains() {}

  /** A sentence about what has to be made again by hand. */
  static String of(Path damaged) {
    List<String> tokens = List.of();
    List<String> grants = List.of();
    List<String> models = List.of();
    try (Connection connection = SqliteFile.look(damaged, true)) {
      tokens = column(connection, "SELECT name FROM account ORDER BY name");
      grants =
          column(
              connection,
              "SELECT group_name || ': ' || pattern FROM repo_grant ORDER BY group_name, pattern");
      models = column(connection, "SELECT name || ' = ' || repo FROM model ORDER BY name");
    } catch (SQLException _) {
      // Then nobody can tell, which the sentence says too.
    }
    return "no file tells of tokens ("
        + said(tokens)
        + "), grants ("
        + said(grants)
        + ") and registered models ("
        + said(models)
        + "), pins and uses: make again what is needed";
  }

  private static String said(List<String> names) {
    return names.isEmpty() ? "none can be read in it" : "it had " + String.join(", ", names);
  }

  private static List<String> column(Connection connection, String query) {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(query)) {
      while (rs.next() && values.size() < MOST) {
        values.add(String.valueOf(rs.getString(1)));
      }
    } catch (SQLException _) {
      // What came before the damage is worth naming.
    }
    return values;
  }
}
