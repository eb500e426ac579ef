package io.atlaskv.engine.internal.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Memory of the machine, or of the container if that is less. Read from the kernel's files, as the
/// platform's management beans take tens of milliseconds to start.
public final class MachineMemory {
  private static final long FALLBACK_BYTES = 1L << 30;
  private static final int KIB = 1024;

  private MachineMemory() {}

  /// Bytes of memory.
  public static long bytes() {
    long bytes = installed();
    for (String limit :
        new String[] {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
      bytes = Math.min(bytes, firstNumber(Path.of(limit), Long.MAX_VALUE));
    }
    return bytes;
  }

  private static long installed() {
    long kib = firstNumber(Path.of("/proc/meminfo"), 0);
    return kib > 0 ? kib * KIB : Math.max(FALLBACK_BYTES, Runtime.getRuntime().maxMemory());
  }

  /// The first number in a file's first line.
  private static long firstNumber(Path file, long otherwise) {
    try (var lines = Files.newBufferedReader(file)) {
      String line = lines.readLine();
      String digits = line == null ? "" : line.replaceAll("\\D+", "");
      return digits.isEmpty() || digits.length() > 18 ? otherwise : Long.parseLong(digits);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
