package io.atlaskv.bench.tuning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// An option, or a circumstance, at several settings.
interface Knob {
  /// What it is called on the command line and in the names of files.
  String name();

  /// What is done, in a sentence or two.
  String description();

  /// What the settings are of, with its unit.
  String axis();

  List<String> settings();

  List<Figure> figures();

  /// What all settings share, before the first of them is measured.
  ///
  /// @param directory of this knob, empty
  default void prepare(Path directory) {}

  /// Returns a value for each of [#figures].
  ///
  /// @param setting index in [#settings]
  /// @param directory of this knob, as `prepare` and earlier measurements left it
  double[] measure(int setting, Path directory) throws IOException;

  /// One of the values.
  ///
  /// @param panel of the drawing
  /// @param line in the panel
  /// @param format as in [String#format]
  record Figure(String panel, String line, String format, boolean isLogarithmic) {
    /// A panel with one line.
    static Figure of(String panel, String format) {
      return new Figure(panel, "", format, false);
    }

    String column() {
      return line.isEmpty() ? panel : panel + ": " + line;
    }
  }
}
