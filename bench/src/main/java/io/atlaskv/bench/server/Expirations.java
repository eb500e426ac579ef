package io.atlaskv.bench.server;

import io.atlaskv.bench.Samples;
import io.atlaskv.bench.load.LoadPlan;
import io.atlaskv.bench.load.LoadResult;
import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/// All keys of a store expire at one instant: how fast they are gone, and what reads see meanwhile.
///
/// @param effort both sides' `active-expire-effort`
record Expirations(int effort, List<Round> ours, List<Round> theirs) {
  static final int READS_PER_SECOND = 10_000;

  /// Redis' default, and all it can.
  static final List<Integer> EFFORTS = List.of(1, 10);

  private static final int READ_SECONDS = 4;
  private static final int READ_CLIENTS = 10;
  private static final int FILL_PIPELINE = 16;
  private static final int WARM_UPS = 4;
  private static final long READS_BEFORE_MILLIS = 500;
  private static final long POLL_NANOS = 2_000_000;
  private static final long GONE_DEADLINE_MILLIS = 30_000;

  Expirations {
    ours = List.copyOf(ours);
    theirs = List.copyOf(theirs);
  }

  /// @param perSecond keys, from the instant until DBSIZE is 0, or until nobody waits any longer
  /// @param commandLine of the server
  record Round(double perSecond, LoadResult reads, String commandLine) {}

  static Expirations measure(
      int effort, Contender ours, Contender theirs, ServerBenchOptions options, Client client) {
    var oursByRound = new ArrayList<Round>();
    var theirsByRound = new ArrayList<Round>();
    for (int i = 0; i < options.rounds(); i++) {
      System.err.println("expire, effort " + effort + ", round " + (i + 1));
      oursByRound.add(round(withEffort(ours, effort), client));
      theirsByRound.add(round(withEffort(theirs, effort), client));
    }
    return new Expirations(effort, oursByRound, theirsByRound);
  }

  private static Contender withEffort(Contender contender, int effort) {
    return contender.with("--active-expire-effort", Integer.toString(effort));
  }

  Samples ours(ToDoubleFunction<Round> figure) {
    return samples(ours, figure);
  }

  Samples theirs(ToDoubleFunction<Round> figure) {
    return samples(theirs, figure);
  }

  long stale() {
    return ours.stream().mapToLong(round -> round.reads.stale()).sum();
  }

  private static Samples samples(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return new Samples(rounds.stream().map(round -> figure.applyAsDouble(round)).toList());
  }

  private static Round round(Contender contender, Client client) {
    try (var server = RunningContender.start(contender, RunningContender.SERVER_CORE)) {
      warmUp(server, client);
      long instant = fill(server, client, client.keys(), 8_000);
      var reads =
          reads(server, client.keys(), READS_PER_SECOND * READ_SECONDS).withAbsentAfter(instant);
      LockSupport.parkNanos(
          (instant - READS_BEFORE_MILLIS - System.currentTimeMillis()) * 1_000_000);
      client.generator().begin(reads);
      long left = awaitEmpty(server, instant);
      double seconds = Math.max(1, System.currentTimeMillis() - instant) / 1e3;
      var round =
          new Round(
              (client.keys() - left) / seconds, client.generator().await(), server.commandLine());
      System.err.printf(
          "%,.0f keys/s; GET p50 %,.0f µs, p99.9 %,.0f µs%n",
          round.perSecond(), round.reads.p50Micros(), round.reads.p999Micros());
      return round;
    }
  }

  private static LoadPlan reads(RunningContender server, int keys, int requests) {
    return LoadPlan.of(server.port(), "GET expiring:{key}")
        .withClients(READ_CLIENTS)
        .withKeys(keys)
        .withRate(READS_PER_SECOND)
        .withRequests(requests);
  }

  /// The same with a quarter of the keys, a few times, as every row is warmed: the first one finds
  /// the code cold, that of the client, too.
  private static void warmUp(RunningContender server, Client client) {
    for (int i = 0; i < WARM_UPS; i++) {
      int keys = client.keys() / 4;
      long instant = fill(server, client, keys, 2_000);
      client
          .generator()
          .run(
              LoadPlan.of(server.port(), "GET expiring:{key}")
                  .withKeys(keys)
                  .withPipeline(FILL_PIPELINE)
                  .withRequests(keys));
      client.generator().run(reads(server, keys, READS_PER_SECOND));
      awaitEmpty(server, instant);
    }
  }

  /// Returns the instant; all keys are there at least [#READS_BEFORE_MILLIS] before it.
  private static long fill(RunningContender server, Client client, int keys, long firstMillis) {
    for (long millis = firstMillis; ; millis *= 2) {
      long instant = System.currentTimeMillis() + millis;
      client
          .generator()
          .run(
              LoadPlan.of(server.port(), "SET expiring:{next} {value} PXAT " + instant)
                  .withPipeline(FILL_PIPELINE)
                  .withRequests(keys));
      if (System.currentTimeMillis() < instant - 2 * READS_BEFORE_MILLIS) {
        return instant;
      }
    }
  }

  /// Returns the number of keys that are left when all are gone or nobody waits any longer.
  private static long awaitEmpty(RunningContender server, long since) {
    try (var connection = server.connect()) {
      long left = dbsize(connection);
      while (left > 0 && System.currentTimeMillis() < since + GONE_DEADLINE_MILLIS) {
        LockSupport.parkNanos(POLL_NANOS);
        left = dbsize(connection);
      }
      return left;
    }
  }

  private static long dbsize(RespConnection connection) {
    var reply = connection.call("DBSIZE");
    if (reply instanceof RespReply.Int(long count)) {
      return count;
    }
    throw new IllegalStateException("DBSIZE was answered " + reply);
  }
}
