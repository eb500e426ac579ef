package io.atlaskv.cli.config;

import io.atlaskv.redis.config.BooleanSetting;
import io.atlaskv.redis.config.Origin;
import io.atlaskv.redis.config.Setting;
import io.atlaskv.redis.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// A YAML file: one mapping from names to values, which are scalars or lists of scalars.
final class YamlConf extends ConfigurationFile {
  private static final LoadSettings LOAD =
      LoadSettings.builder()
          .setAllowDuplicateKeys(true)
          .setAllowNonScalarKeys(true)
          .setUseMarks(true)
          .build();
  private static final String GENERATED = "# Written by CONFIG REWRITE";

  /// One `name: value` and where it stands.
  private record Entry(Node key, Node value) {
    int line() {
      return mark(key.getStartMark()).getLine() + 1;
    }
  }

  YamlConf(Path path) {
    super(path);
  }

  @Override
  List<Given> read() throws ConfigurationException {
    var given = new ArrayList<Given>();
    var names = new HashSet<String>();
    for (Entry entry : entries(text(path))) {
      String place = place(entry.line());
      if (!(entry.key() instanceof ScalarNode key)) {
        throw new ConfigurationException(List.of(place + ": the name of a setting must be a word"));
      }
      String name = key.getValue().toLowerCase(Locale.ROOT);
      if (!names.add(name)) {
        throw new ConfigurationException(List.of(place + ": '" + name + "' is given twice"));
      }
      given.add(
          new Given(name, words(entry.value(), place, name), new Origin(Origin.Door.FILE, place)));
    }
    return given;
  }

  private List<Entry> entries(String text) throws ConfigurationException {
    Optional<Node> root;
    try {
      var parser = new ParserImpl(LOAD, new StreamReader(LOAD, text));
      root = new Composer(LOAD, parser).getSingleNode();
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new ConfigurationException(List.of(place(line) + ": " + e.getProblem()));
    } catch (YamlEngineException e) {
      throw new ConfigurationException(List.of(path.getFileName() + ": " + e.getMessage()));
    }
    if (root.isEmpty()) {
      return List.of();
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      throw new ConfigurationException(
          List.of(place(1) + ": must be lines of the form 'name: value'"));
    }
    var entries = new ArrayList<Entry>();
    for (NodeTuple tuple : mapping.getValue()) {
      entries.add(new Entry(tuple.getKeyNode(), tuple.getValueNode()));
    }
    return entries;
  }

  private static List<String> words(Node value, String place, String name)
      throws ConfigurationException {
    var words = new ArrayList<String>();
    if (value instanceof SequenceNode sequence) {
      for (Node element : sequence.getValue()) {
        words.add(scalar(element, place, name));
      }
    } else {
      words.add(scalar(value, place, name));
    }
    return words;
  }

  private static String scalar(Node node, String place, String name) throws ConfigurationException {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new ConfigurationException(
        List.of(place + ": '" + name + "' must be a value or a list of values, not a mapping"));
  }

  private String place(int line) {
    return path.getFileName() + ":" + line;
  }

  /// The last thing written of a value: a list of lines is said to end where the next thing begins.
  private static Node last(Node value) {
    return value instanceof SequenceNode list
            && list.getFlowStyle() == FlowStyle.BLOCK
            && !list.getValue().isEmpty()
        ? last(list.getValue().getLast())
        : value;
  }

  private static Mark mark(Optional<Mark> mark) {
    return mark.orElseThrow(() -> new IllegalStateException("a node without a mark"));
  }

  /// Values that were changed are replaced in their places, comments around them stay; settings
  /// that have no place come last.
  @Override
  String rewritten(String text, Settings settings, boolean isEverything) throws IOException {
    List<Entry> entries;
    try {
      entries = entries(text);
    } catch (ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
    var result = new StringBuilder();
    var written = new HashSet<Setting>();
    int[] points = text.codePoints().toArray();
    int copied = 0;
    for (Entry entry : entries) {
      Setting setting = settings.find(((ScalarNode) entry.key()).getValue());
      if (setting == null) {
        continue;
      }
      written.add(setting);
      if (!isToBeWritten(setting, false)) {
        continue;
      }
      int start = mark(entry.key().getEndMark()).getIndex();
      int end = mark(last(entry.value()).getEndMark()).getIndex();
      boolean hasLineEnd = end > start && points[end - 1] == '\n'; // a block ends with its line
      result.append(new String(points, copied, start - copied));
      result.append(": ").append(quoteIfNeeded(setting.text()));
      copied = hasLineEnd ? end - 1 : end;
    }
    result.append(new String(points, copied, points.length - copied));
    boolean hasMark = text.contains(GENERATED);
    for (Setting setting : settings.all()) {
      if (isToBeWritten(setting, isEverything) && !written.contains(setting)) {
        if (!result.isEmpty() && result.charAt(result.length() - 1) != '\n') {
          result.append('\n');
        }
        if (!hasMark) {
          hasMark = true;
          result.append(GENERATED).append('\n');
        }
        result.append(setting.name()).append(": ");
        result.append(quoteIfNeeded(setting.text())).append('\n');
      }
    }
    return result.toString();
  }

  /// A plain scalar if it can be one in any place, else one in double quotes.
  private static String quoteIfNeeded(String text) {
    boolean isPlain = !text.isEmpty();
    for (int i = 0; i < text.length() && isPlain; i++) {
      char c = text.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      isPlain = isLetter || (c >= '0' && c <= '9') || (i > 0 && "_./-%".indexOf(c) >= 0);
    }
    return isPlain ? text : Words.quote(text);
  }

  /// YAML's own words for yes and no.
  static String plain(Setting setting, String text) {
    if (setting instanceof BooleanSetting) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "on" -> "yes";
        case "false", "off" -> "no";
        default -> text;
      };
    }
    return text;
  }
}
