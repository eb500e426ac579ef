package io.atlaskv.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks that every package of a source tree says what it is for and which layer it is, and is
/// `@NullMarked`.
///
/// It reads sources, not classes: comments do not survive compilation.
public final class PackageDocs {
  private static final String MARKDOWN_COMMENT = "///";

  private PackageDocs() {}

  /// Returns one sentence per fault, in the order of the packages' names; empty when all is well.
  public static List<String> violations(Path sourceRoot) {
    var violations = new ArrayList<String>();
    for (Path folder : packages(sourceRoot)) {
      String name = sourceRoot.relativize(folder).toString().replace('/', '.');
      Path info = folder.resolve("package-info.java");
      if (!Files.exists(info)) {
        violations.add(name + ": has no package-info.java");
        continue;
      }
      List<String> lines = lines(info);
      if (!hasDutySentence(lines)) {
        violations.add(name + ": does not open with a duty sentence (`/// What it does.`)");
      }
      if (lines.stream().noneMatch(line -> line.startsWith(MARKDOWN_COMMENT + " Layer: "))) {
        violations.add(name + ": has no layer rule (`/// Layer: ...`)");
      }
      if (!lines.contains("@NullMarked")) {
        violations.add(name + ": is not @NullMarked");
      }
    }
    return violations;
  }

  /// True if the comment starts on the first line and its first paragraph holds a whole sentence.
  private static boolean hasDutySentence(List<String> lines) {
    var paragraph = new StringBuilder();
    for (String line : lines) {
      if (!line.startsWith(MARKDOWN_COMMENT + " ")) {
        break;
      }
      paragraph.append(line.substring(MARKDOWN_COMMENT.length()));
    }
    return paragraph.toString().strip().endsWith(".");
  }

  private static List<Path> packages(Path sourceRoot) {
    try (Stream<Path> files = Files.walk(sourceRoot)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::getParent)
          .filter(folder -> !folder.equals(sourceRoot)) // module-info.java lives there
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
