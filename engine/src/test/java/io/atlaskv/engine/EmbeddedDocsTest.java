package io.atlaskv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The Java examples of docs/embedded and of the README compile against the public API. Each block
/// is the body of a method that may use what `WORLD` declares; code of other stores stands in
/// blocks of other names.
class EmbeddedDocsTest {
  private static final Path DOCUMENTS = Path.of("../docs/embedded");
  private static final Path README = Path.of("../README.md");
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final String IMPORTS =
      """
      import static java.nio.charset.StandardCharsets.UTF_8;
      import io.atlaskv.engine.*;
      import io.atlaskv.engine.api.*;
      import io.atlaskv.engine.api.tools.*;
      import java.lang.foreign.*;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.stream.*;
      """;
  private static final String WORLD =
      """
      Db db;
      byte[] key, value, lower, upper;
      void show(Object what) {}
      """;

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> examplesCompile() throws IOException {
    List<Path> pages;
    try (Stream<Path> files = Files.list(DOCUMENTS)) {
      pages = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
    assertThat(pages).isNotEmpty();
    return Stream.concat(Stream.of(README), pages.stream())
        .map(page -> DynamicTest.dynamicTest(page.getFileName().toString(), () -> compile(page)));
  }

  private void compile(Path page) throws IOException {
    List<String> examples =
        EXAMPLE.matcher(Files.readString(page)).results().map(found -> found.group(1)).toList();
    Path folder = Files.createDirectory(directory.resolve(page.getFileName()));
    var sources = new ArrayList<Path>();
    for (String example : examples) {
      String name = "Example" + sources.size();
      String text =
          IMPORTS
              + "class "
              + name
              + " {"
              + WORLD
              + "void run() throws Exception {"
              + example
              + "}}";
      sources.add(Files.writeString(folder.resolve(name + ".java"), text));
    }
    if (sources.isEmpty()) {
      return;
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
