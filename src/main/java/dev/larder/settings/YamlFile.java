package dev.larder.settings;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the map {@code settings:} of a {@code larder.yaml}. Works on the nodes, not on YAML's own
 * types, so that {@code 0644}, {@code 1_000} or {@code no} mean what is written. Everything else in
 * the file is left to others.
 */
final class YamlFile {
  private YamlFile() {}

  /** Names are as written: {@code ref-ttl} or {@code LARDER_REF_TTL}. */
  static List<Assigned> parse(String content, List<String> problems) {
    List<Assigned> assigned = new ArrayList<>();
    try {
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(content));
      if (root == null) {
        return assigned;
      }
      if (!(root instanceof MappingNode map)) {
        problems.add("larder.yaml is not a map of names to values.");
        return assigned;
      }
      for (NodeTuple entry : map.getValue()) {
        if (isKey(entry, "settings")) {
          readSettings(entry.getValueNode(), assigned, problems);
        }
      }
    } catch (YAMLException e) {
      problems.add("larder.yaml is not YAML: " + firstLine(e) + ".");
    }
    return assigned;
  }

  private static boolean isKey(NodeTuple entry, String key) {
    return entry.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key);
  }

  private static void readSettings(Node node, List<Assigned> assigned, List<String> problems) {
    if (node.getTag().equals(Tag.NULL)) {
      return;
    }
    if (!(node instanceof MappingNode map)) {
      problems.add("larder.yaml: settings is not a map of names to values.");
      return;
    }
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : map.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.add("larder.yaml: settings has a key that is not a name.");
      } else if (!seen.add(key.getValue())) {
        problems.add("larder.yaml: settings.%s is there twice.".formatted(key.getValue()));
      } else {
        readValue(key.getValue(), entry.getValueNode(), assigned, problems);
      }
    }
  }

  private static void readValue(
      String key, Node value, List<Assigned> assigned, List<String> problems) {
    Origin origin = Origin.yaml(key);
    if (value.getTag().equals(Tag.NULL)) {
      return;
    }
    if (value instanceof ScalarNode scalar) {
      assigned.add(new Assigned(key, scalar.getValue().strip(), origin));
    } else if (value instanceof SequenceNode list
        && list.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
      List<String> parts =
          list.getValue().stream().map(n -> ((ScalarNode) n).getValue().strip()).toList();
      assigned.add(new Assigned(key, String.join(",", parts), origin));
    } else {
      problems.add("%s is neither a value nor a list of values.".formatted(origin));
    }
  }

  private static String firstLine(YAMLException e) {
    String message = String.valueOf(e.getMessage()).strip();
    return message.lines().findFirst().orElse("it cannot be parsed");
  }
}
