package io.atlaskv.bench.server;

import io.atlaskv.testkit.process.ProcessStatistics;
import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import io.atlaskv.testkit.process.ServerProcess;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A started server with its directory, and what can be measured of it.
final class RunningContender implements AutoCloseable {
  static final int SERVER_CORE = 0;

  private static final Duration START_DEADLINE = Duration.ofMinutes(2);
  private static final int LOAD_PIPELINE = 1000;
  private static final int WARM_UP_PIPELINE = 16;
  private static final int WARM_UP_RUNS_MAX = 12;
  private static final int WARM_CPU_PER_COMPILER_CPU = 10;
  private static final int WARM_RUNS_TOGETHER = 3;
  private static final long QUIET_WINDOW_NANOS = 300_000_000;
  private static final long QUIET_CPU_MICROS = 10_000; // one tick of /proc/PID/stat
  private static final long QUIET_DEADLINE_NANOS = 60_000_000_000L;

  private final Contender contender;
  private final TemporaryDirectory directory;
  private final ServerProcess server;
  private final ProcessStatistics statistics;

  private RunningContender(
      Contender contender, TemporaryDirectory directory, ServerProcess server) {
    this.contender = contender;
    this.directory = directory;
    this.server = server;
    statistics = new ProcessStatistics(server.pid());
  }

  static RunningContender start(Contender contender, int core) {
    var directory = TemporaryDirectory.create("server-bench");
    try {
      var server =
          ServerProcess.start(contender.command().pinnedTo(core), directory.path(), START_DEADLINE);
      return new RunningContender(contender, directory, server);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  int port() {
    return server.port();
  }

  Contender contender() {
    return contender;
  }

  /// Writes all keys that redis-benchmark will draw from, so that each GET hits.
  void fill(int keys) {
    var random = new Random(42);
    var noise = new StringBuilder();
    while (noise.length() < 10 * Client.VALUE_BYTES) {
      noise.append(Long.toString(random.nextLong() >>> 1, 36));
    }
    try (var connection = server.connect()) {
      for (int first = 0; first < keys; first += LOAD_PIPELINE) {
        int count = Math.min(LOAD_PIPELINE, keys - first);
        for (int i = 0; i < count; i++) {
          int start = random.nextInt(noise.length() - Client.VALUE_BYTES);
          connection.send(
              "SET",
              "key:%012d".formatted(first + i),
              noise.substring(start, start + Client.VALUE_BYTES));
        }
        connection.flush();
        for (int i = 0; i < count; i++) {
          requireOk(connection);
        }
      }
    }
  }

  RespConnection connect() {
    return server.connect();
  }

  /// What it answers to a command of the workload that it does not know, if there is one.
  Optional<String> refusal(Workload workload) {
    try (var connection = server.connect()) {
      for (var example : workload.examples()) {
        if (connection.call(example.toArray(String[]::new))
            instanceof RespReply.Failure(String why)) {
          return Optional.of(why);
        }
      }
      if (!workload.channel().isEmpty()
          && connection.call("SUBSCRIBE", workload.channel())
              instanceof RespReply.Failure(String why)) {
        return Optional.of(why);
      }
      return Optional.empty();
    }
  }

  /// Sends the workload until the JVM's compilers take less than a tenth of the server's CPU time
  /// in each of three runs on end: so many requests at a pipeline of 16 first, then half a round at
  /// a time, `WARM_UP_RUNS_MAX` at most. One run may fall between two flushes, and show nothing of
  /// what those and the merges after them have yet to compile.
  void warmUp(Workload workload, Client client, int requests) {
    client.run(workload.warmUp(WARM_UP_PIPELINE, requests), port(), 0);
    var half = workload.warmUp(workload.pipeline(), Math.max(1, workload.requests() / 2));
    int warmRuns = 0;
    for (int run = 0; run < WARM_UP_RUNS_MAX; run++) {
      long cpu = statistics.cpuMicros();
      long compilers = statistics.threadCpuMicros(Contender::isCompiler);
      client.run(half, port(), 0);
      compilers = statistics.threadCpuMicros(Contender::isCompiler) - compilers;
      boolean isWarm = compilers * WARM_CPU_PER_COMPILER_CPU < statistics.cpuMicros() - cpu;
      warmRuns = isWarm ? warmRuns + 1 : 0;
      if (warmRuns == WARM_RUNS_TOGETHER) {
        return;
      }
    }
    System.err.printf(
        "%s: the compilers still work after %d runs%n", workload.name(), WARM_UP_RUNS_MAX);
  }

  /// Runs one workload and everything it leaves to do in the background.
  Measurement measure(Workload workload, Client client, double ratePerSecond) {
    drain();
    long cpu = statistics.cpuMicros();
    long loops = statistics.threadCpuMicros(contender::isLoop);
    var load = client.run(workload, port(), ratePerSecond);
    long loopsAfter = statistics.threadCpuMicros(contender::isLoop);
    drain();
    double perOperation = 1.0 / workload.requests();
    double foreground = (loopsAfter - loops) * perOperation;
    double all = (statistics.cpuMicros() - cpu) * perOperation;
    return new Measurement(load, foreground, Math.max(0, all - foreground));
  }

  /// Returns when the server has next to nothing to do.
  void drain() {
    long end = System.nanoTime() + QUIET_DEADLINE_NANOS;
    long before;
    do {
      before = statistics.cpuMicros();
      LockSupport.parkNanos(QUIET_WINDOW_NANOS);
    } while (statistics.cpuMicros() - before > QUIET_CPU_MICROS && System.nanoTime() < end);
  }

  long rssAnonKib() {
    return statistics.statusKib("RssAnon");
  }

  long rssFileKib() {
    return statistics.statusKib("RssFile");
  }

  /// As started, places filled in.
  String commandLine() {
    return server.commandLine();
  }

  @Override
  public void close() {
    server.close();
    directory.close();
  }

  private void requireOk(RespConnection connection) {
    var reply = connection.receive();
    if (!(reply instanceof RespReply.Status)) {
      throw new IllegalStateException(contender.name() + " answered SET with " + reply);
    }
  }
}
