package io.atlaskv.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;

/// What Linux tells about a process from outside: CPU time, memory, bytes written.
public final class ProcessStatistics {
  /// `USER_HZ`, which is 100 on every Linux that Java runs on.
  private static final long TICK_MICROS = 10_000;

  /// First of utime, stime, cutime, cstime, counted from the field after the command name.
  private static final int STAT_TIMES = 11;

  private static final int STAT_TIMES_COUNT = 4;

  private final Path directory;

  public ProcessStatistics(long pid) {
    directory = Path.of("/proc", Long.toString(pid));
  }

  /// User and system time of all threads, past ones and waited-for children included.
  public long cpuMicros() {
    var fields = statFields(directory.resolve("stat"));
    long ticks = 0;
    for (int i = 0; i < STAT_TIMES_COUNT; i++) {
      ticks += Long.parseLong(fields[STAT_TIMES + i]);
    }
    return ticks * TICK_MICROS;
  }

  /// Time on a core of the living threads whose name matches; exact to the nanosecond.
  public long threadCpuMicros(Predicate<String> name) {
    long nanos = 0;
    try (var threads = Files.list(directory.resolve("task"))) {
      for (var thread : (Iterable<Path>) threads::iterator) {
        nanos += threadCpuNanos(thread, name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return nanos / 1000;
  }

  /// A line of `/proc/PID/status` in KiB, for example `RssAnon`.
  public long statusKib(String field) {
    return Long.parseLong(lineValue(directory.resolve("status"), field).replace("kB", "").strip());
  }

  /// Bytes this process caused to be written to the disk, the page cache's later writes included.
  public long writtenBytes() {
    return Long.parseLong(lineValue(directory.resolve("io"), "write_bytes"));
  }

  private static long threadCpuNanos(Path thread, Predicate<String> name) throws IOException {
    try {
      if (!name.test(Files.readString(thread.resolve("comm")).strip())) {
        return 0;
      }
      return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
    } catch (NoSuchFileException _) {
      return 0; // ended since it was listed
    } catch (IOException e) {
      if ("No such process".equals(e.getMessage())) {
        return 0;
      }
      throw e;
    }
  }

  private static String[] statFields(Path file) {
    try {
      var line = Files.readString(file);
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lineValue(Path file, String field) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(field + ":"))
          .map(line -> line.substring(field.length() + 1).strip())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(file + " has no line " + field));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
