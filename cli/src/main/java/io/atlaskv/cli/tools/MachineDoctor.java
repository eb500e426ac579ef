package io.atlaskv.cli.tools;

import io.atlaskv.engine.internal.io.MachineMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// Looks at the machine: Java, memory, file descriptors, clock.
final class MachineDoctor {
  /// What a server wants for its 10,000 clients, tables and log.
  static final long DESCRIPTORS_WANTED = 11_000;

  private static final int JAVA_WANTED = 25;
  private static final long MEMORY_WANTED = 512L << 20;
  private static final Instant EARLIEST = Instant.parse("2025-01-01T00:00:00Z");
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String OPEN_FILES = "Max open files";

  private MachineDoctor() {}

  static List<Diagnosis> examine() {
    return List.of(
        java(Runtime.version().feature(), System.getProperty("java.vm.name", "unknown")),
        memory(MachineMemory.bytes()),
        descriptors(openFilesMax()),
        clock(Instant.now()));
  }

  static Diagnosis java(int feature, String name) {
    String found = feature + ", " + name;
    return new Diagnosis(
        "java",
        found,
        feature >= JAVA_WANTED ? "" : "run it on a JDK " + JAVA_WANTED + " or newer");
  }

  static Diagnosis memory(long bytes) {
    return new Diagnosis(
        "memory",
        Report.size(bytes),
        bytes >= MEMORY_WANTED
            ? ""
            : "give it 512 MiB, or set memory-limit and ATLASKV_HEAP to what there is");
  }

  /// @param max limit of this process; −1 if it is not known
  static Diagnosis descriptors(long max) {
    if (max < 0) {
      return Diagnosis.fine("file descriptors", "limit not known");
    }
    boolean isEnough = max >= DESCRIPTORS_WANTED;
    return new Diagnosis(
        "file descriptors",
        max == Long.MAX_VALUE ? "no limit" : "at most " + max,
        isEnough
            ? ""
            : "each client and each table takes one: ulimit -n "
                + DESCRIPTORS_WANTED
                + ", or set maxclients lower");
  }

  static Diagnosis clock(Instant now) {
    return new Diagnosis(
        "clock", now.toString(), now.isBefore(EARLIEST) ? "set it: keys expire by this clock" : "");
  }

  private static long openFilesMax() {
    try {
      return openFilesMax(Files.readAllLines(LIMITS));
    } catch (IOException _) {
      return -1;
    }
  }

  static long openFilesMax(List<String> limits) {
    for (String line : limits) {
      if (line.startsWith(OPEN_FILES)) {
        String soft = line.substring(OPEN_FILES.length()).strip().split(" +", 2)[0];
        return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
      }
    }
    return -1;
  }
}
