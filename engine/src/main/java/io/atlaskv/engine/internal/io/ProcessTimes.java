package io.atlaskv.engine.internal.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Processor time that this process has used, as the kernel sees it, to the hundredth of a second.
///
/// @param userMillis in the program
/// @param systemMillis in the kernel, for it
/// @param childrenUserMillis of processes it has started that have ended
/// @param childrenSystemMillis the same in the kernel
public record ProcessTimes(
    long userMillis, long systemMillis, long childrenUserMillis, long childrenSystemMillis) {
  private static final Path STAT = Path.of("/proc/self/stat");
  private static final int MILLIS_PER_TICK = 10; // Linux: 100 ticks a second for everybody
  private static final int USER = 11; // of the fields after the name, which may hold blanks

  /// Until now. Where the kernel does not tell them apart all of it is said to be `userMillis`.
  public static ProcessTimes now() {
    try {
      return of(Files.readString(STAT));
    } catch (IOException e) {
      Duration all = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
      return new ProcessTimes(all.toMillis(), 0, 0, 0);
    }
  }

  static ProcessTimes of(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new ProcessTimes(
        millis(fields[USER]),
        millis(fields[USER + 1]),
        millis(fields[USER + 2]),
        millis(fields[USER + 3]));
  }

  private static long millis(String ticks) {
    return Long.parseLong(ticks) * MILLIS_PER_TICK;
  }
}
