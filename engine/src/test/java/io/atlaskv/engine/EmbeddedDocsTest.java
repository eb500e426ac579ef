package io.atlaskv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java examples of docs/embedded/statistics.md compile against the public API.
class EmbeddedDocsTest {
  private static final Path DOCUMENT = Path.of("../docs/embedded/statistics.md");
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String IMPORTS =
      """
      import static java.nio.charset.StandardCharsets.UTF_8;
      import io.atlaskv.engine.*;
      import io.atlaskv.engine.api.*;
      import java.nio.file.Path;
      import java.util.*;
      """;

  @TempDir private Path directory;

  @Test
  void examplesCompile() throws Exception {
    List<String> examples =
        EXAMPLE.matcher(Files.readString(DOCUMENT)).results().map(found -> found.group(1)).toList();
    assertThat(examples).isNotEmpty();
    var sources = new ArrayList<Path>();
    for (String example : examples) {
      String name = "Example" + sources.size();
      String text = IMPORTS + "class " + name + " { void run() throws Exception {" + example + "}}";
      sources.add(Files.writeString(directory.resolve(name + ".java"), text));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var output = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-cp", System.getProperty("java.class.path") + ":target/classes", "-proc:none");
      var units = files.getJavaFileObjectsFromPaths(sources);
      boolean isCompiled = compiler.getTask(output, files, null, options, null, units).call();
      assertThat(isCompiled).as(output.toString()).isTrue();
    }
  }
}
