package io.atlaskv.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.testkit.PackageDocs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PackagesTest {
  @Test
  void everyPackageSaysItsDutyAndItsLayer() {
    assertThat(PackageDocs.violations(Path.of("src/main/java"))).isEmpty();
  }
}
