package io.atlaskv.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageDocsTest {
  private static final String GOOD =
      """
      /// Does one thing.
      ///
      /// Layer: uses nothing.
      @NullMarked
      package good;
      """;

  @TempDir Path root;

  @Test
  void ownPackagesAreDocumented() {
    assertThat(PackageDocs.violations(Path.of("src/main/java"))).isEmpty();
  }

  @Test
  void completePackageHasNoViolation() throws IOException {
    write("good/package-info.java", GOOD);
    write("module-info.java", "module good {}");
    assertThat(PackageDocs.violations(root)).isEmpty();
  }

  @Test
  void packageWithoutInfoIsReported() throws IOException {
    write("a/b/Lonely.java", "package a.b; class Lonely {}");
    assertThat(PackageDocs.violations(root)).isEqualTo(List.of("a.b: has no package-info.java"));
  }

  @Test
  void eachMissingPartIsReported() throws IOException {
    write("a/package-info.java", GOOD.replace("/// Does one thing.\n", ""));
    write("b/package-info.java", GOOD.replace("one thing.", "one thing"));
    write("c/package-info.java", GOOD.replace("/// Layer: uses nothing.\n", ""));
    write("d/package-info.java", GOOD.replace("@NullMarked\n", ""));
    assertThat(PackageDocs.violations(root))
        .containsExactly(
            "a: does not open with a duty sentence (`/// What it does.`)",
            "b: does not open with a duty sentence (`/// What it does.`)",
            "c: has no layer rule (`/// Layer: ...`)",
            "d: is not @NullMarked");
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
