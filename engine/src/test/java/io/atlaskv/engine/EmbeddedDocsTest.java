package io.atlaskv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.StoreEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The Java examples of docs/embedded, of docs/tools.md and of the README compile against the
/// public API; those of the guide also run, each on a store of its own. Each block is the body of a
/// method that may use what `WORLD` declares, or a whole file if it begins with an import; code of
/// other stores stands in blocks of other names. The pages of options, events and exceptions have
/// each of them.
class EmbeddedDocsTest {
  private static final Path DOCUMENTS = Path.of("../docs/embedded");
  private static final Path README = Path.of("../README.md");
  private static final Path TOOLS = Path.of("../docs/tools.md");
  private static final Path GUIDE = DOCUMENTS.resolve("guide.md");
  private static final Path INDEX = DOCUMENTS.resolve("getting-started.md");
  private static final String NAME = "Example";
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
      public Db db;
      public Path directory;
      byte[] key = {1}, value = {2}, lower = {3}, upper = {4};
      void show(Object what) {}
      """;

  private static final String MODULE = "module program { requires io.atlaskv.engine; }";
  private static final String PROGRAM =
      """
      package program;
      import io.atlaskv.engine.AtlasKv;
      import java.nio.file.Path;
      class Program {
        public static void main(String[] arguments) {
          try (var db = AtlasKv.open(Path.of("data"))) {
            db.async().get(new byte[] {1}).join();
            System.out.println(db.get(new byte[] {1}));
          }
        }
      }
      """;

  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> examplesCompile() throws IOException {
    return Stream.concat(Stream.of(README, TOOLS), pages())
        .map(page -> dynamicTest(page.getFileName().toString(), () -> compile(page)));
  }

  private static Stream<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(DOCUMENTS)) {
      List<Path> pages = files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
      assertThat(pages).contains(GUIDE, INDEX);
      return pages.stream();
    }
  }

  /// Its module path has the engine and nothing else.
  @Test
  void aModularProgramNeedsTheEngineOnly() throws IOException {
    Path module = Files.writeString(directory.resolve("module-info.java"), MODULE);
    Path program = Files.writeString(directory.resolve("Program.java"), PROGRAM);
    compile(
        List.of(module, program),
        List.of("-p", "target/classes", "-Xlint:all", "-Werror", "-d", directory.toString()));
  }

  @Test
  void eachOptionEventAndExceptionIsTold() throws IOException {
    requireTold("tuning.md", options(Options.class).map(EmbeddedDocsTest::setter));
    requireTold("namespaces.md", options(NamespaceOptions.class));
    requireTold("statistics.md", permitted(StoreEvent.class));
    requireTold("statistics.md", Stream.of(Stage.values()).map(Enum::name));
    requireTold("errors.md", permitted(AtlasException.class));
    requireTold("recovery.md", Stream.of(RecoveryMode.values()).map(Enum::name));
  }

  private static void requireTold(String page, Stream<String> names) throws IOException {
    String text = Files.readString(DOCUMENTS.resolve(page));
    assertThat(names)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(text).as(page).contains("`" + name + "`"));
  }

  private static Stream<String> options(Class<? extends Record> type) {
    return Stream.of(type.getRecordComponents()).map(RecordComponent::getName);
  }

  private static String setter(String option) {
    return "with" + option.substring(0, 1).toUpperCase(Locale.ROOT) + option.substring(1);
  }

  private static Stream<String> permitted(Class<?> type) {
    return Stream.of(type.getPermittedSubclasses()).map(Class::getSimpleName);
  }

  @Test
  void eachPageIsInTheIndex() throws IOException {
    String text = Files.readString(INDEX);
    String index = text.substring(text.indexOf("## Where to go on"));
    assertThat(pages().filter(page -> !page.equals(INDEX)))
        .allSatisfy(page -> assertThat(index).contains("](" + page.getFileName() + ")"));
  }

  /// Files that a block names lie beside its store, not in the directory the tests run in.
  @TestFactory
  Stream<DynamicTest> blocksOfTheGuideRun() throws IOException {
    List<String> examples =
        examples(GUIDE).stream()
            .map(example -> example.replace("Path.of(", "directory.resolve(\"files\", "))
            .toList();
    Path folder = Files.createDirectory(directory.resolve("run"));
    compile(examples, folder);
    return IntStream.range(0, examples.size())
        .mapToObj(i ->
            dynamicTest(examples.get(i).lines().findFirst().orElseThrow(), () -> run(folder, i)));
  }

  private static void run(Path folder, int number) throws Exception {
    Path home = Files.createDirectory(folder.resolve("home" + number));
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        Db db = AtlasKv.open(home.resolve("store"))) {
      Class<?> type = loader.loadClass(NAME + number);
      Object example = type.getConstructor().newInstance();
      type.getField("db").set(example, db);
      type.getField("directory").set(example, home);
      type.getMethod("run").invoke(example);
    }
  }

  private void compile(Path page) throws IOException {
    compile(examples(page), Files.createDirectory(directory.resolve(page.getFileName())));
  }

  private static List<String> examples(Path page) throws IOException {
    return EXAMPLE.matcher(Files.readString(page)).results().map(found -> found.group(1)).toList();
  }

  private static String source(String example, String name) {
    return example.startsWith("import ")
        ? example
        : IMPORTS
            + "public class "
            + name
            + " {"
            + WORLD
            + "public void run() throws Exception {"
            + example
            + "}}";
  }

  private static void compile(List<String> examples, Path folder) throws IOException {
    var sources = new ArrayList<Path>();
    for (String example : examples) {
      String name = NAME + sources.size();
      sources.add(Files.writeString(folder.resolve(name + ".java"), source(example, name)));
    }
    if (sources.isEmpty()) {
      return;
    }
    String classPath = System.getProperty("java.class.path") + ":target/classes";
    compile(sources, List.of("-cp", classPath, "-proc:none", "-d", folder.toString()));
  }

  private static void compile(List<Path> sources, List<String> options) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var output = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromPaths(sources);
      boolean isCompiled = compiler.getTask(output, files, null, options, null, units).call();
      assertThat(isCompiled).as(output.toString()).isTrue();
    }
  }
}
