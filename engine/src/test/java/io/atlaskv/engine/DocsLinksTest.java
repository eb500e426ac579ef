package io.atlaskv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What the documents point to is there: files and their headings, programs and tests.
class DocsLinksTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> FOLDERS = List.of("docs", "examples", "suites");
  private static final List<String> PAGES = List.of("README.md", "CONTRIBUTING.md");
  private static final int DOCUMENTS_MIN = 50;

  private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Test)\\b");
  private static final Pattern PROGRAM = Pattern.compile("(?<![\\w/.-])bench/[a-z][\\w-]*");
  private static final Pattern CHECK = Pattern.compile("\\b\\d\\d-[a-z-]+\\.sh");

  @TestFactory
  List<DynamicTest> whatADocumentPointsToIsThere() throws IOException {
    Set<String> tests = tests();
    List<DynamicTest> documents =
        documents().stream()
            .map(page ->
                dynamicTest(page.toString(), () -> assertThat(missing(page, tests)).isEmpty()))
            .toList();
    assertThat(documents).hasSizeGreaterThan(DOCUMENTS_MIN);
    return documents;
  }

  @Test
  void whatIsNotThereIsFound() {
    String text =
        """
        # A `title`, and more
        [a](#a-title-and-more) [b](#b) [c](docs/no.md) [d](README.md#no) [e](https://example.org/no)
        `NoSuchTest.method`, bench/no-such-program, `99-no.sh`
        ```
        # b
        [f](f.md)
        ```
        """;
    assertThat(missing(ROOT.resolve("PAGE.md"), text, Set.of("OtherTest")))
        .containsExactly(
            "#b", "docs/no.md", "README.md#no", "NoSuchTest", "bench/no-such-program", "99-no.sh");
  }

  private static List<Path> documents() throws IOException {
    var documents = new ArrayList<Path>();
    PAGES.forEach(page -> documents.add(ROOT.resolve(page)));
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".md") && !file.toString().contains("target"))
            .sorted()
            .forEach(documents::add);
      }
    }
    return documents;
  }

  /// Names of all tests of all modules.
  private static Set<String> tests() throws IOException {
    var tests = new HashSet<String>();
    for (Path parent : List.of(ROOT, ROOT.resolve("examples"))) {
      try (Stream<Path> modules = Files.list(parent)) {
        for (Path sources : modules.map(module -> module.resolve("src/test/java")).toList()) {
          if (Files.isDirectory(sources)) {
            tests.addAll(classes(sources));
          }
        }
      }
    }
    return tests;
  }

  private static Set<String> classes(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }

  private static List<String> missing(Path page, Set<String> tests) {
    return missing(page, read(page), tests);
  }

  private static List<String> missing(Path page, String text, Set<String> tests) {
    var headings = new HashMap<Path, Set<String>>(Map.of(page, headings(text)));
    var missing = new ArrayList<String>();
    String prose = CODE.matcher(text).replaceAll("");
    found(LINK, prose)
        .filter(link -> !link.matches("[a-z]+:.*"))
        .filter(link -> !isThere(page, link, headings))
        .forEach(missing::add);
    found(TEST, text).filter(test -> !tests.contains(test)).forEach(missing::add);
    found(PROGRAM, text)
        .filter(program -> !Files.exists(ROOT.resolve(program)))
        .forEach(missing::add);
    found(CHECK, text)
        .filter(check -> !Files.exists(ROOT.resolve(".ci/checks.d", check)))
        .forEach(missing::add);
    return missing;
  }

  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(match.groupCount())).distinct();
  }

  private static boolean isThere(Path page, String link, Map<Path, Set<String>> headings) {
    int hash = link.indexOf('#');
    String name = hash < 0 ? link : link.substring(0, hash);
    Path file = name.isEmpty() ? page : page.resolveSibling(name).normalize();
    if (hash < 0) {
      return Files.exists(file);
    }
    return (headings.containsKey(file) || Files.isRegularFile(file))
        && headings
            .computeIfAbsent(file, key -> headings(read(key)))
            .contains(link.substring(hash + 1));
  }

  /// What GitHub makes of the headings of a page.
  private static Set<String> headings(String text) {
    return found(HEADING, CODE.matcher(text).replaceAll(""))
        .map(heading ->
            heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
