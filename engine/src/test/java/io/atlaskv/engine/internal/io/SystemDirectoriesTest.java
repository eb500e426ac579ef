package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDirectoriesTest extends DirectoriesContract {
  @TempDir Path temporary;
  private Directories directories;

  @BeforeEach
  void open() {
    directories = new SystemDirectories(temporary.resolve("deep/parent"));
  }

  @Override
  Directories directories() {
    return directories;
  }

  @Test
  void aMoveReplacesNoEmptyDirectoryAndNoFile() throws IOException {
    Path parent = temporary.resolve("deep/parent");
    directories.make("a");
    directories.make("empty");
    Files.createFile(parent.resolve("file"));
    assertThrows(StorageException.class, () -> directories.rename("a", "empty"));
    assertThrows(StorageException.class, () -> directories.rename("a", "file"));
    assertThrows(StorageException.class, () -> directories.open("file"));
    assertEquals(List.of("a", "empty"), directories.list());
  }
}
