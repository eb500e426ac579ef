package io.atlaskv.bench.load;

import io.atlaskv.bench.Arguments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Question: how many of these requests a second does a server answer, and how late?
///
/// With arguments: one run. Without: one run for each line of standard input, a line of result for
/// each, so that all but the first find compiled code.
public final class LoadGenerator {
  private LoadGenerator() {}

  /// Entry point; see [LoadPlan#USAGE].
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    if (List.of(arguments).contains("--help")) {
      System.out.println(LoadPlan.USAGE);
      return;
    }
    if (arguments.length > 0) {
      System.out.println(run(List.of(arguments)));
      return;
    }
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (var line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(run(List.of(line.split(" ", -1))));
    }
  }

  private static String run(List<String> words) throws IOException {
    LoadPlan plan = Arguments.orExit(() -> LoadPlan.parse(words));
    try (var run = new LoadRun(plan)) {
      return run.run().toLine();
    }
  }
}
