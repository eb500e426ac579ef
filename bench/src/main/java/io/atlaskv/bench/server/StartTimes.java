package io.atlaskv.bench.server;

import io.atlaskv.bench.Samples;
import io.atlaskv.testkit.process.ServerProcess;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.time.Duration;
import java.util.ArrayList;

/// Milliseconds from the start of a server's process to its first PONG, on an empty directory.
record StartTimes(Samples ours, Samples theirs) {
  private static final int STARTS = 9;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  static StartTimes measure(Contender ours, Contender theirs) {
    startMillis(ours); // the first one may build the server
    startMillis(theirs);
    var oursMillis = new ArrayList<Double>();
    var theirsMillis = new ArrayList<Double>();
    for (int i = 0; i < STARTS; i++) {
      oursMillis.add(startMillis(ours));
      theirsMillis.add(startMillis(theirs));
    }
    return new StartTimes(new Samples(oursMillis), new Samples(theirsMillis));
  }

  private static double startMillis(Contender contender) {
    try (var directory = TemporaryDirectory.create("server-start")) {
      long start = System.nanoTime();
      try (var server = ServerProcess.start(contender.command(), directory.path(), DEADLINE)) {
        double millis = (System.nanoTime() - start) / 1e6;
        server.stop(DEADLINE);
        return millis;
      }
    }
  }
}
