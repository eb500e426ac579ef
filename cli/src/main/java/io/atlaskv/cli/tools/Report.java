package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.api.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a tool prints: lines for people, or JSON, one value a line. Also where the engine's
/// visitors, which know no `IOException`, print to.
final class Report {
  private static final int NAMESPACE_BYTES = Integer.BYTES;
  private static final int LABEL_COLUMN = 20;

  private final Terminal terminal;
  private final boolean isJson;

  Report(Arguments arguments, Terminal terminal) {
    this.terminal = terminal;
    isJson = arguments.has(Tool.JSON);
  }

  boolean isJson() {
    return isJson;
  }

  void line(String line) {
    try {
      terminal.println(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void line(Json json) {
    line(json.end());
  }

  /// A name and what is to be said of it.
  void labelled(String label, String text) {
    line(label + " ".repeat(Math.max(1, LABEL_COLUMN - label.length())) + text);
  }

  /// Lines of cells, as wide as the widest of each column; numbers stand to the right.
  void table(List<List<String>> lines) {
    var widths = new ArrayList<Integer>();
    for (List<String> cells : lines) {
      for (int i = 0; i < cells.size(); i++) {
        int length = cells.get(i).length();
        if (i == widths.size()) {
          widths.add(length);
        }
        widths.set(i, Math.max(widths.get(i), length));
      }
    }
    for (List<String> cells : lines) {
      var text = new StringBuilder();
      for (int i = 0; i < cells.size(); i++) {
        String cell = cells.get(i);
        int pad = widths.get(i) - cell.length();
        boolean isNumber = lines.getLast().get(i).matches("-?[0-9]+");
        text.append(i == 0 ? "" : "  ");
        if (isNumber) {
          text.repeat(' ', pad).append(cell);
        } else {
          text.append(cell).repeat(' ', pad);
        }
      }
      line(text.toString().stripTrailing());
    }
  }

  /// An engine key as `namespace:"key"`, escaped as redis-cli does.
  static String key(Bytes key) {
    if (key.length() < NAMESPACE_BYTES) {
      return quoted(key);
    }
    return Integer.toUnsignedString(namespace(key)) + ":" + quoted(rest(key));
  }

  static String quoted(Bytes bytes) {
    return io.atlaskv.cli.client.Bytes.of(bytes.toArray()).quoted();
  }

  /// Adds an engine key: `namespace` and the rest under its own name.
  static Json key(Json json, String name, Bytes key) {
    if (key.length() < NAMESPACE_BYTES) {
      return bytes(json, name, key);
    }
    json.field(name + "Namespace", Integer.toUnsignedLong(namespace(key)));
    return bytes(json, name, rest(key));
  }

  static Json bytes(Json json, String name, Bytes bytes) {
    return json.field(name, io.atlaskv.cli.client.Bytes.of(bytes.toArray()));
  }

  private static int namespace(Bytes key) {
    int id = 0;
    for (int i = 0; i < NAMESPACE_BYTES; i++) {
      id = id << Byte.SIZE | (key.at(i) & 0xff);
    }
    return id;
  }

  private static Bytes rest(Bytes key) {
    byte[] all = key.toArray();
    return Bytes.of(all, NAMESPACE_BYTES, all.length - NAMESPACE_BYTES);
  }

  static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  /// `1.5 GiB`
  static String size(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    String number = unit == 0 ? Long.toString(bytes) : String.format(Locale.ROOT, "%.1f", value);
    return number + " " + units[unit];
  }

  static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// `7` or `7..9`
  static String range(long first, long last) {
    return first == last ? Long.toString(first) : first + ".." + last;
  }
}
