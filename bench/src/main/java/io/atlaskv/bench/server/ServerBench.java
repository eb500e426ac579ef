package io.atlaskv.bench.server;

import io.atlaskv.bench.Arguments;
import io.atlaskv.bench.Report;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Question: what do commands cost through AtlasKV's server, compared with redis-server on the same
/// machine in the same minutes?
public final class ServerBench {
  private ServerBench() {}

  /// Entry point; see [ServerBenchOptions#USAGE].
  public static void main(String[] arguments) throws IOException {
    Locale.setDefault(Locale.ROOT);
    if (List.of(arguments).contains("--help")) {
      System.out.println(ServerBenchOptions.USAGE);
      return;
    }
    ServerBenchOptions options = Arguments.orExit(() -> ServerBenchOptions.parse(arguments));
    List<String> lines;
    try (var client = Client.start(options.keys(), ServerBenchOptions.CLIENT_CORE)) {
      lines = measure(options, quoted(arguments), client);
    }
    Report.publish(lines, options.report());
  }

  private static List<String> measure(ServerBenchOptions options, String arguments, Client client) {
    var groups = DurabilityGroup.all(options);
    Optional<StartTimes> start =
        options.wants("start")
            ? Optional.of(startTimes(groups.getFirst().contenders()))
            : Optional.empty();
    var results = groups.stream().map(group -> group.run(options, client)).toList();
    List<Expirations> expirations =
        options.wants("expire")
            ? expirations(groups.getFirst().contenders(), options, client)
            : List.of();
    return new ServerReport(options, arguments, results, start, expirations).lines();
  }

  private static List<Expirations> expirations(
      List<Contender> contenders, ServerBenchOptions options, Client client) {
    return Expirations.EFFORTS.stream()
        .map(effort ->
            Expirations.measure(
                effort, contenders.getFirst(), contenders.getLast(), options, client))
        .toList();
  }

  private static StartTimes startTimes(List<Contender> contenders) {
    return StartTimes.measure(contenders.getFirst(), contenders.getLast());
  }

  private static String quoted(String[] arguments) {
    var text = new StringBuilder();
    for (var argument : arguments) {
      text.append(' ').append(argument.contains(" ") ? "'" + argument + "'" : argument);
    }
    return text.toString();
  }
}
