package io.atlaskv.bench.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Contenders that promise about the same after a power cut; the last one is Redis, the yardstick.
///
/// @param name first part of the rows' names
record DurabilityGroup(String name, List<Contender> contenders, List<Workload> workloads) {
  /// Commands, many clients and half load, with the durability of `everysec`.
  static final String COMMANDS = "commands";

  DurabilityGroup {
    contenders = List.copyOf(contenders);
    workloads = List.copyOf(workloads);
  }

  static List<DurabilityGroup> all(ServerBenchOptions options) {
    return List.of(
        new DurabilityGroup(
            "everysec",
            List.of(
                ours(options, "interval:1000ms", "everysec"),
                ours(options, "interval:100ms", "everysec"),
                Contender.redis(options.redis(), "everysec")),
            getAndSet(options, 300_000, 1_600_000, 3_200_000, "GET", "SET")),
        new DurabilityGroup(
            "os",
            List.of(ours(options, "os", "no"), Contender.redis(options.redis(), "no")),
            getAndSet(options, 300_000, 1_600_000, 3_200_000, "SET")),
        new DurabilityGroup(
            "always",
            List.of(ours(options, "always", "always"), Contender.redis(options.redis(), "always")),
            getAndSet(options, 200_000, 800_000, 1_600_000, "SET")),
        new DurabilityGroup(
            COMMANDS,
            List.of(
                ours(options, "interval:1000ms", "everysec"),
                Contender.redis(options.redis(), "everysec")),
            CommandWorkloads.all(options)));
  }

  private static Contender ours(ServerBenchOptions options, String durability, String redis) {
    return options.isSelfTest()
        ? Contender.redis(options.redis(), redis)
        : Contender.atlasKv(options.atlasKv(), durability);
  }

  private static List<Workload> getAndSet(
      ServerBenchOptions options, int single, int sixteen, int sixtyFour, String... commands) {
    var workloads = new ArrayList<Workload>();
    for (var command : commands) {
      workloads.add(Workload.redisBenchmark(command, 1, single / 100 * options.effort()));
      workloads.add(Workload.redisBenchmark(command, 16, sixteen / 100 * options.effort()));
      workloads.add(Workload.redisBenchmark(command, 64, sixtyFour / 100 * options.effort()));
    }
    return workloads;
  }

  /// Starts all contenders, fills and warms them, and runs the wanted workloads round by round.
  GroupResult run(ServerBenchOptions options, Client client) {
    var wanted =
        workloads.stream().filter(load -> options.wants(name + "/" + load.name())).toList();
    boolean wantsMemory = !name.equals(COMMANDS) && options.wants(memoryName());
    if (wanted.isEmpty() && !wantsMemory) {
      return new GroupResult(this, List.of(), List.of(), List.of(), List.of());
    }
    var running = new ArrayList<RunningContender>();
    try {
      for (var contender : contenders) {
        running.add(RunningContender.start(contender, RunningContender.SERVER_CORE));
      }
      for (var contender : running) {
        contender.fill(options.keys());
        contender.drain();
      }
      var memory =
          running.stream()
              .map(one -> new GroupResult.Memory(one.rssAnonKib(), one.rssFileKib()))
              .toList();
      var comparisons = new ArrayList<Comparison>();
      var refusals = new ArrayList<Refusal>();
      for (var workload : wanted) {
        System.err.println(name + "/" + workload.name());
        var ours = running.getFirst().refusal(workload);
        var theirs = running.getLast().refusal(workload);
        if (ours.isPresent() || theirs.isPresent()) {
          refusals.add(
              new Refusal(workload, ours.orElse(Refusal.KNOWN), theirs.orElse(Refusal.KNOWN)));
        } else {
          comparisons.addAll(compare(workload, running, options, client));
        }
      }
      var commandLines = running.stream().map(RunningContender::commandLine).toList();
      return new GroupResult(
          this, comparisons, refusals, wantsMemory ? memory : List.of(), commandLines);
    } finally {
      running.forEach(RunningContender::close);
    }
  }

  String memoryName() {
    return name + "/memory";
  }

  private List<Comparison> compare(
      Workload workload,
      List<RunningContender> running,
      ServerBenchOptions options,
      Client client) {
    for (var contender : running) {
      contender.warmUp(workload, client, CommandWorkloads.warmUpRequests(workload, options));
    }
    double rate =
        workload.driver() == Workload.Driver.HALF_LOAD ? halfLoad(workload, running, client) : 0;
    var byContender = new ArrayList<List<Measurement>>();
    running.forEach(_ -> byContender.add(new ArrayList<>()));
    var order = new ArrayList<Integer>();
    for (int i = 0; i < running.size(); i++) {
      order.add(i);
    }
    for (int round = 0; round < options.rounds(); round++) {
      for (int i : order) {
        byContender.get(i).add(running.get(i).measure(workload, client, rate));
      }
      Collections.rotate(order, 1); // nobody is always the first
    }
    int last = running.size() - 1;
    var comparisons = new ArrayList<Comparison>();
    for (int i = 0; i < last; i++) {
      comparisons.add(
          new Comparison(
              workload,
              contenders.get(i),
              contenders.get(last),
              byContender.get(i),
              byContender.get(last)));
    }
    return comparisons;
  }

  /// Half of what Redis answers in a closed loop; the same for everybody. Each contender has then
  /// served a round of it: the load generator has to be warm, too. In its first round at a fixed
  /// rate its JVM compiles for 0.1 to 0.2 s on the client's core, and it is late with what was due.
  private static double halfLoad(Workload workload, List<RunningContender> running, Client client) {
    var closed = workload.warmUp(workload.pipeline(), workload.requests());
    double rate = client.run(closed, running.getLast().port(), 0).opsPerSecond() / 2;
    for (var contender : running) {
      client.run(workload, contender.port(), rate);
    }
    return rate;
  }
}
