package io.atlaskv.testkit.process;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Processes that must not outlive this program, also if it is ended from outside: a test run cut
/// off by a time limit, for example. While the shutdown hook runs, other threads go on and may want
/// to start the next one.
///
/// Invariants:
/// - C1: what was started is known, in one step: there is no moment in which it could be missed.
/// - C2: once `end` has begun nothing is started; when it has returned, all are gone.
final class ChildProcesses {
  /// Those of this program.
  static final ChildProcesses OURS = new ChildProcesses();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(OURS::end));
  }

  private final Set<Process> running = new HashSet<>(); // guarded by this
  private boolean isEnding; // guarded by this

  /// @throws IllegalStateException if this program is being ended
  synchronized Process start(ProcessBuilder builder) throws IOException {
    if (isEnding) {
      throw new IllegalStateException("not started, this program ends: " + builder.command());
    }
    Process process = builder.start();
    running.add(process);
    var _ = process.onExit().thenAccept(this::forget);
    return process;
  }

  private synchronized void forget(Process process) {
    running.remove(process);
  }

  /// Kills what runs and waits until it is gone: until then it writes to its directory.
  void end() {
    List<Process> last;
    synchronized (this) {
      isEnding = true;
      last = List.copyOf(running);
    }
    last.forEach(Process::destroyForcibly);
    last.forEach(process -> process.onExit().join());
  }
}
