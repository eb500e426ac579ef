package io.atlaskv.engine.internal.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Memory of this process as the kernel sees it.
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final int KIB = 1024;

  private ProcessMemory() {}

  /// Bytes in memory now, files that are mapped included; 0 where the kernel does not say.
  public static long residentBytes() {
    try {
      return resident(Files.readAllLines(STATUS));
    } catch (IOException e) {
      return 0;
    }
  }

  static long resident(List<String> status) {
    for (String line : status) {
      if (line.startsWith(RESIDENT)) {
        String digits = line.replaceAll("\\D+", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) * KIB;
      }
    }
    return 0;
  }
}
