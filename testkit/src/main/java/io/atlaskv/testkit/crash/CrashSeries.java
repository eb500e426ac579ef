package io.atlaskv.testkit.crash;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The lives and deaths of one server on one data directory.
final class CrashSeries {
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);
  private static final int KILL_MILLIS_MIN = 50;
  private static final int KILL_MILLIS_MAX = 1500;
  private static final int READ_PIPELINE = 500;
  private static final long POLL_NANOS = 300_000;

  /// What kills aim at, in turn; empty is a random moment.
  private static final List<Optional<Phase>> TARGETS =
      List.of(
          Optional.empty(),
          Optional.of(Phase.FLUSH),
          Optional.of(Phase.COMPACTION),
          Optional.of(Phase.SEGMENT_SWITCH));

  private final ServerCommand command;
  private final Path directory;
  private final List<WriterModel> models = new ArrayList<>();
  private final Random random;
  private final Path ledgerFile;
  private final CrashTally tally = new CrashTally();

  CrashSeries(
      ServerCommand command,
      Path directory,
      Path ledgerFile,
      KillLedgerOptions options,
      int number) {
    this.command = command;
    this.directory = directory;
    this.ledgerFile = ledgerFile;
    random = new Random(OperationStream.mix(options.seed() + number));
    for (int writer = 0; writer < options.writers(); writer++) {
      models.add(
          new WriterModel(new OperationStream(options.seed() + number, writer, options.slots())));
    }
  }

  CrashTally tally() {
    return tally;
  }

  /// Kills, restarts and checks that often; then stops the server in peace, and checks once more.
  void run(int kills) {
    var idle = models.stream().map(model -> new long[] {0, 0}).toList();
    var server = start();
    try (var ledger = new AckLedger(ledgerFile)) {
      for (int round = 0; round < kills && tally.isClean(); round++) {
        var target = TARGETS.get(round % TARGETS.size());
        var spans = writeUntilKilled(server, target, round, ledger);
        server = start();
        check(server, spans);
        idle = spans.stream().map(span -> new long[] {span[1], span[1]}).toList();
      }
      if (tally.isClean()) {
        server.stop(START_DEADLINE);
        server = start();
        check(server, idle);
      }
    } finally {
      server.close();
    }
  }

  private ServerProcess start() {
    return ServerProcess.start(command, directory, START_DEADLINE);
  }

  /// One life: returns per writer the first operation without a reply and the first not sent.
  private List<long[]> writeUntilKilled(
      ServerProcess server, Optional<Phase> target, int round, AckLedger ledger) {
    var writers = new ArrayList<PipelinedWriter>();
    var threads = new ArrayList<Thread>();
    for (var model : models) {
      var writer =
          new PipelinedWriter(
              server.connect(), model.stream(), model.firstOfLife(), new Random(random.nextLong()));
      writers.add(writer);
      threads.add(Thread.ofPlatform().name("writer").start(writer));
    }
    var recorder =
        Thread.ofPlatform()
            .name("ledger")
            .start(() -> {
              while (server.isAlive()) {
                ledger.record(round, writers);
              }
            });
    tally.killed(killIn(server, target));
    threads.forEach(CrashSeries::join);
    join(recorder);
    ledger.record(round, writers);
    for (var writer : writers) {
      var failure = writer.failure();
      if (failure != null) {
        throw new IllegalStateException(failure + "\n" + server.lastOutput());
      }
    }
    return writers.stream()
        .map(writer -> new long[] {writer.acknowledged(), writer.sent()})
        .toList();
  }

  /// Kills at a random moment, or as soon after one as the server is seen in the phase.
  private Set<Phase> killIn(ServerProcess server, Optional<Phase> target) {
    long now = System.nanoTime();
    long latest = now + Duration.ofMillis(KILL_MILLIS_MAX).toNanos();
    long spread = target.isEmpty() ? KILL_MILLIS_MAX - KILL_MILLIS_MIN : KILL_MILLIS_MAX / 2;
    long wanted = now + Duration.ofMillis(KILL_MILLIS_MIN + random.nextInt((int) spread)).toNanos();
    try (var probe = new PhaseProbe(server.connect())) {
      Set<Phase> phases = EnumSet.noneOf(Phase.class);
      while (now < latest && (now < wanted || !phases.containsAll(target.stream().toList()))) {
        LockSupport.parkNanos(POLL_NANOS);
        phases = probe.poll();
        now = System.nanoTime();
      }
      server.kill();
      return phases;
    }
  }

  private void check(ServerProcess server, List<long[]> spans) {
    try (var connection = server.connect()) {
      long keys = 0;
      for (int writer = 0; writer < models.size(); writer++) {
        var model = models.get(writer);
        var span = spans.get(writer);
        tally.checked(span[0] - model.firstOfLife(), span[1] - span[0]);
        var shown = readAll(connection, model.stream());
        tally.found(model.agree(span[0], span[1], shown));
        keys += model.liveKeys();
      }
      var size = connection.call("DBSIZE");
      if (tally.isClean() && !size.equals(new RespReply.Int(keys))) {
        tally.found(
            List.of(
                new Finding(
                    Finding.Kind.CORRUPT, "DBSIZE is " + size + ", but there are " + keys)));
      }
    }
  }

  private static List<@Nullable String> readAll(RespConnection connection, OperationStream stream) {
    var shown = new ArrayList<@Nullable String>(stream.slots());
    for (int first = 0; first < stream.slots(); first += READ_PIPELINE) {
      int count = Math.min(READ_PIPELINE, stream.slots() - first);
      for (int i = 0; i < count; i++) {
        connection.send("GET", stream.key(first + i));
      }
      connection.flush();
      for (int i = 0; i < count; i++) {
        shown.add(
            switch (connection.receive()) {
              case RespReply.Bulk(String bytes) -> bytes;
              case RespReply.Nil _ -> null;
              case RespReply other -> throw new IllegalStateException("GET was answered " + other);
            });
      }
    }
    return shown;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for " + thread, e);
    }
  }
}
