package io.atlaskv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// A program with the store on its class path needs no flag of the JVM and sees no warning, on each
/// JDK of this machine that is new enough.
class NoFlagsTest {
  private static final int JDK_MIN = 25;

  /// Where JDKs lie, each in a directory of its own.
  private static final List<Path> STANDARD_PLACES =
      List.of(
          Path.of("/usr/lib/jvm"),
          Path.of("/opt"),
          Path.of(System.getProperty("user.home"), ".sdkman/candidates/java"));

  /// What gives every JVM flags, and has it say so.
  private static final List<String> FLAG_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> nothingIsWarnedOf() throws IOException {
    return jdks().stream()
        .map(jdk -> DynamicTest.dynamicTest(jdk.toString(), () -> assertThat(run(jdk)).isEmpty()));
  }

  /// The check bites: what needs a flag is warned of.
  @Test
  void aRestrictedCallIsWarnedOf() throws Exception {
    assertThat(run(ownJdk(), NoFlagsProgram.RESTRICTED)).contains("WARNING");
  }

  private static Path ownJdk() throws IOException {
    return Path.of(System.getProperty("java.home")).toRealPath();
  }

  private static Set<Path> jdks() throws IOException {
    var found = new LinkedHashSet<Path>(Set.of(ownJdk()));
    for (Path place : STANDARD_PLACES) {
      if (Files.isDirectory(place)) {
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(place)) {
          for (Path home : homes) {
            if (isNewEnough(home)) {
              found.add(home.toRealPath());
            }
          }
        }
      }
    }
    return found;
  }

  private static boolean isNewEnough(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return false;
    }
    var properties = new Properties();
    try (InputStream in = Files.newInputStream(release)) {
      properties.load(in);
    }
    String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    String feature = version.split("[^0-9]", 2)[0];
    return !feature.isEmpty() && Integer.parseInt(feature) >= JDK_MIN;
  }

  /// What the program writes to its standard error.
  private String run(Path jdk, String... arguments) throws Exception {
    Path errors = Files.createTempFile(directory, "stderr", ".txt");
    var command = new ArrayList<String>();
    command.add(jdk.resolve("bin/java").toString());
    command.add("-cp");
    command.add(place(AtlasKv.class) + File.pathSeparator + place(NoFlagsProgram.class));
    command.add(NoFlagsProgram.class.getName());
    command.add(Files.createTempDirectory(directory, "stores").toString());
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command).redirectOutput(Redirect.INHERIT).redirectError(errors.toFile());
    builder.environment().keySet().removeAll(FLAG_VARIABLES);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), "still runs");
    } finally {
      process.destroyForcibly();
    }
    String told = Files.readString(errors, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), told);
    return told;
  }

  private static Path place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
