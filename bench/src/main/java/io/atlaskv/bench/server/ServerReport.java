package io.atlaskv.bench.server;

import io.atlaskv.bench.Environment;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Report;
import io.atlaskv.bench.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Puts the figures into words and tables.
record ServerReport(
    ServerBenchOptions options,
    String arguments,
    List<GroupResult> groups,
    Optional<StartTimes> start,
    List<Expirations> expirations) {
  List<String> lines() {
    var lines =
        Report.heading("AtlasKV server against redis-server", "bench/server-bench" + arguments);
    lines.add("- " + Environment.output("redis-server", "--version"));
    lines.add(
        "- %d rounds, interleaved, server on core 0, client on core 1, %d clients unless the row says"
                .formatted(options.rounds(), Workload.CLIENTS)
            + " more, %,d keys of 16 bytes with %d bytes each"
                .formatted(options.keys(), Client.VALUE_BYTES));
    lines.add(
        "- warm: each row is run before it is measured, until the compilers of the JVM take less than"
            + " a tenth of the server's CPU time in three half rounds on end, 12 at most; Redis has"
            + " none");
    lines.add(
        "- client: redis-benchmark for GET and SET at p1, p16, p64; the load generator of"
            + " `bench/load` for the others");
    lines.add(
        "- figures are medians; ratios are AtlasKV / Redis of the same round: median [least–greatest]");
    lines.add(
        "- CPU-µs per operation: foreground = the serving threads; background = every other thread"
            + " and child of the server, until it is idle again");
    lines.add("- latencies are the client's, of a whole pipeline, in ms: p50 / p99 / p99.9");
    lines.add(
        "- half-load: both sides get half of the rate that Redis reaches in a closed loop; latencies"
            + " count from the time a request was due; one round at that rate goes before, so that the"
            + " load generator is warm, too");
    if (options.isSelfTest()) {
      lines.add("- **self-test: both sides are redis-server; a ratio that is not 1 is noise**");
    }
    lines.add("");
    lines.addAll(throughput());
    lines.add("");
    lines.addAll(refusals());
    lines.addAll(footprint());
    for (var found : expirations) {
      lines.add("");
      lines.addAll(expirations(found));
    }
    lines.add("");
    lines.addAll(gates());
    lines.add("");
    lines.add("Command lines (one data directory and port each):");
    lines.add("");
    lines.add("```");
    for (var group : groups) {
      for (var line : group.commandLines()) {
        lines.add(group.group().name() + ": " + line);
      }
    }
    for (var found : expirations) {
      lines.add("expire: " + found.ours().getFirst().commandLine());
      lines.add("expire: " + found.theirs().getFirst().commandLine());
    }
    var example = Workload.redisBenchmark("GET", 16, 0);
    int core = ServerBenchOptions.CLIENT_CORE;
    lines.add(
        String.join(" ", RedisBenchmark.commandLine(example, options.keys(), core))
            + " -p PORT -n REQUESTS");
    for (var group : groups) {
      for (var row : group.comparisons()) {
        lines.addAll(loadCommand(row.workload()));
      }
    }
    lines.add("```");
    return lines;
  }

  /// How to repeat a row of the load generator; nothing for others.
  private List<String> loadCommand(Workload workload) {
    if (workload.driver() == Workload.Driver.REDIS_BENCHMARK) {
      return List.of();
    }
    return List.of(
        "%s: bench/load --port PORT --clients %d --pipeline %d --requests %d --keys %d%s%s %s"
            .formatted(
                workload.name(),
                workload.clients(),
                workload.pipeline(),
                workload.requests(),
                options.keys(),
                workload.channel().isEmpty() ? "" : " --channel " + workload.channel(),
                workload.driver() == Workload.Driver.HALF_LOAD ? " --rate R" : "",
                workload.request()));
  }

  /// Rows that could not be compared.
  private List<String> refusals() {
    if (groups.stream().allMatch(group -> group.refusals().isEmpty())) {
      return List.of();
    }
    var table = new MarkdownTable("not compared", "AtlasKV", "Redis");
    for (var group : groups) {
      for (var refusal : group.refusals()) {
        table.add(refusal.workload().name(), refusal.ours(), refusal.theirs());
      }
    }
    var lines = new ArrayList<>(table.lines());
    lines.add("");
    return lines;
  }

  private List<String> expirations(Expirations found) {
    var title =
        "%,d keys that expire at one instant, and %,d GETs a second of them; active-expire-effort %d"
            .formatted(options.keys(), Expirations.READS_PER_SECOND, found.effort());
    var table = new MarkdownTable(title, "AtlasKV", "Redis", "ratio");
    var ours = found.ours(Expirations.Round::perSecond);
    var theirs = found.theirs(Expirations.Round::perSecond);
    table.add(
        "expired keys gone per second",
        "%,.0f".formatted(ours.median()),
        "%,.0f".formatted(theirs.median()),
        ours.over(theirs).ratioText());
    table.add(
        "expired values read",
        Long.toString(found.stale()),
        "%.0f".formatted(found.theirs(round -> round.reads().stale()).median()),
        "–");
    addReads(table, "GET p50, µs", found, round -> round.reads().p50Micros());
    addReads(table, "GET p99, µs", found, round -> round.reads().p99Micros());
    addReads(table, "GET p99.9, µs", found, round -> round.reads().p999Micros());
    addReads(table, "GET slowest, µs", found, round -> round.reads().maxMicros());
    return table.lines();
  }

  private static void addReads(
      MarkdownTable table,
      String name,
      Expirations found,
      ToDoubleFunction<Expirations.Round> figure) {
    table.add(
        name,
        "%.0f".formatted(found.ours(figure).median()),
        "%.0f".formatted(found.theirs(figure).median()),
        found.ours(figure).over(found.theirs(figure)).ratioText());
  }

  private List<String> throughput() {
    var table =
        new MarkdownTable(
            "workload",
            "durability, AtlasKV / Redis",
            "ops/s AtlasKV",
            "Redis",
            "ratio",
            "CPU-µs/op AtlasKV (fg + bg)",
            "Redis (fg + bg)",
            "ratio fg",
            "ratio all",
            "latency AtlasKV",
            "Redis");
    for (var group : groups) {
      for (var row : group.comparisons()) {
        table.add(
            row.workload().name(),
            row.ours().durability() + " / " + row.theirs().durability(),
            "%,.0f".formatted(row.ours(Measurement::opsPerSecond).median()),
            "%,.0f".formatted(row.theirs(Measurement::opsPerSecond).median()),
            row.ratio(Measurement::opsPerSecond).ratioText(),
            cpu(row.ours(Measurement::foregroundMicros), row.ours(Measurement::backgroundMicros)),
            cpu(
                row.theirs(Measurement::foregroundMicros),
                row.theirs(Measurement::backgroundMicros)),
            row.ratio(Measurement::foregroundMicros).ratioText(),
            row.ratio(Measurement::cpuMicros).ratioText(),
            latency(row::ours),
            latency(row::theirs));
      }
    }
    return table.lines();
  }

  private List<String> footprint() {
    var table = new MarkdownTable("footprint", "AtlasKV", "Redis", "ratio");
    for (var group : groups) {
      if (!group.memory().isEmpty()) {
        var ours = group.memory().getFirst();
        var theirs = group.memory().getLast();
        var after = " after the fill, " + group.group().name();
        table.add(
            "RssAnon" + after,
            ours.anonKib() / 1024 + " MiB",
            theirs.anonKib() / 1024 + " MiB",
            String.format(Locale.ROOT, "%.2f", (double) ours.anonKib() / theirs.anonKib()));
        table.add(
            "RssFile" + after,
            ours.fileKib() / 1024 + " MiB",
            theirs.fileKib() / 1024 + " MiB",
            "–");
      }
    }
    start.ifPresent(times ->
        table.add(
            "process start to first PONG, empty store",
            "%.0f ms".formatted(times.ours().median()),
            "%.0f ms".formatted(times.theirs().median()),
            times.ours().over(times.theirs()).ratioText()));
    return table.lines();
  }

  /// The targets of the first release, and whether they were met.
  private List<String> gates() {
    var table = new MarkdownTable("gate", "measured", "verdict");
    for (var group : groups) {
      for (var row : group.comparisons()) {
        addGates(table, group.group(), row);
      }
      if (group.group().name().equals("everysec") && !group.memory().isEmpty()) {
        double ratio =
            (double) group.memory().getFirst().anonKib() / group.memory().getLast().anonKib();
        atMost(table, "RssAnon", ratio, 1.3);
      }
    }
    start.ifPresent(times -> atMost(table, "first PONG, ms", times.ours().median(), 150));
    for (var found : expirations) {
      var at = " at effort " + found.effort();
      double perSecond = found.ours(Expirations.Round::perSecond).median();
      atLeast(table, "expirations/s" + at, perSecond, 500_000);
      atMost(table, "expired values read" + at, (double) found.stale(), 0);
    }
    return table.lines();
  }

  private static void addGates(MarkdownTable table, DurabilityGroup group, Comparison row) {
    var name =
        "%s, %s / %s"
            .formatted(row.workload().name(), row.ours().durability(), row.theirs().durability());
    double throughput = row.ratio(Measurement::opsPerSecond).median();
    switch (group.name()) {
      case "always" -> atLeast(table, name + ": ops/s", throughput, 1.3);
      case "everysec" -> {
        if (row.workload().pipeline() == 1) {
          double cpu = row.ratio(Measurement::cpuMicros).median();
          atMost(table, name + ": CPU per op", cpu, 1.10);
        } else if (row.workload().request().equals("SET")) {
          atLeast(table, name + ": ops/s", throughput, 0.9);
        } else {
          double wanted = row.workload().pipeline() == 16 ? 1.2 : 1.4;
          atLeast(table, name + ": ops/s", throughput, wanted);
        }
      }
      case DurabilityGroup.COMMANDS -> addCommandGate(table, name, row);
      default -> {
        // Reported only.
      }
    }
  }

  private static void addCommandGate(MarkdownTable table, String name, Comparison row) {
    if (row.workload().driver() == Workload.Driver.HALF_LOAD) {
      double latency = row.ratio(one -> one.load().p999Millis()).median();
      atMost(table, name + ": p99.9", latency, 2);
    } else if (row.workload().clients() == Workload.CLIENTS) {
      if (row.workload().pipeline() == 1) {
        atMost(table, name + ": CPU per op", row.ratio(Measurement::cpuMicros).median(), 1.2);
      } else {
        atLeast(table, name + ": ops/s", row.ratio(Measurement::opsPerSecond).median(), 0.8);
      }
    }
  }

  private static void atLeast(MarkdownTable table, String name, double measured, double wanted) {
    verdict(table, name + " ≥ " + wanted, measured, measured >= wanted, wanted - measured);
  }

  private static void atMost(MarkdownTable table, String name, double measured, double wanted) {
    verdict(table, name + " ≤ " + wanted, measured, measured <= wanted, measured - wanted);
  }

  private static void verdict(
      MarkdownTable table, String gate, double measured, boolean isMet, double gap) {
    table.add(
        gate,
        String.format(Locale.ROOT, "%.2f", measured),
        isMet ? "met" : String.format(Locale.ROOT, "missed by %.2f", gap));
  }

  private static String cpu(Samples foreground, Samples background) {
    return String.format(Locale.ROOT, "%.2f + %.2f", foreground.median(), background.median());
  }

  private static String latency(Function<ToDoubleFunction<Measurement>, Samples> side) {
    return String.format(
        Locale.ROOT,
        "%.2f / %.2f / %.2f",
        side.apply(one -> one.load().p50Millis()).median(),
        side.apply(one -> one.load().p99Millis()).median(),
        side.apply(one -> one.load().p999Millis()).median());
  }
}
