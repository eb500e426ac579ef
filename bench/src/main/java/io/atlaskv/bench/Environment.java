package io.atlaskv.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/// Where figures come from: every report starts with this.
public record Environment(
    String machine, int cores, String system, String jdk, String commit, LocalDate date) {
  public static Environment here() {
    return new Environment(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
        output("git", "describe", "--always", "--dirty"),
        LocalDate.now(ZoneOffset.UTC));
  }

  public List<String> lines() {
    return List.of(
        "- machine: %s, %d cores, %s".formatted(machine, cores, system),
        "- JDK: " + jdk,
        "- commit: %s, %s".formatted(commit, date));
  }

  /// First line a program prints, or `unknown` where it cannot be run.
  public static String output(String... words) {
    try {
      var process = new ProcessBuilder(words).redirectErrorStream(true).start();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean isGood = process.waitFor() == 0;
      return isGood ? text.lines().findFirst().orElse("unknown") : "unknown";
    } catch (IOException e) {
      return "unknown";
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while running " + List.of(words), e);
    }
  }

  private static String cpuModel() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 2))
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
