package io.atlaskv.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What every report has in common.
public final class Report {
  private Report() {}

  /// The lines it begins with: title, machine and commit, and the command that repeats it.
  public static List<String> heading(String title, String command) {
    var lines = new ArrayList<String>();
    lines.add("# " + title);
    lines.add("");
    lines.addAll(Environment.here().lines());
    lines.add("- command: `" + command + "`");
    return lines;
  }

  /// Prints a report, and writes it to a file if there is one to be written.
  public static void publish(List<String> lines, Optional<Path> report) throws IOException {
    lines.forEach(System.out::println);
    if (report.isPresent()) {
      Path file = report.get().toAbsolutePath();
      Files.createDirectories(file.getParent());
      Files.write(file, lines);
    }
  }
}
