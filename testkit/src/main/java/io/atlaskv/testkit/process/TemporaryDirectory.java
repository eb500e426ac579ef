package io.atlaskv.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A directory that is gone when its user is done.
public record TemporaryDirectory(Path path) implements AutoCloseable {
  public static TemporaryDirectory create(String prefix) {
    return create(Optional.empty(), prefix);
  }

  /// Makes one in `parent`, or where the system has its temporary files.
  public static TemporaryDirectory create(Optional<Path> parent, String prefix) {
    try {
      return new TemporaryDirectory(
          parent.isPresent()
              ? Files.createTempDirectory(parent.get(), prefix)
              : Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sum of the sizes of all files in it.
  public long bytes() {
    return bytes(path);
  }

  public static long bytes(Path directory) {
    var counter =
        new SimpleFileVisitor<Path>() {
          long bytes;

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
            if (cause instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // deleted since it was listed
            }
            throw cause;
          }
        };
    try {
      Files.walkFileTree(directory, counter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counter.bytes;
  }

  @Override
  public void close() {
    delete(path);
  }

  /// Deletes a directory with all that is in it.
  public static void delete(Path directory) {
    var deleter =
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException cause)
              throws IOException {
            if (cause != null) {
              throw cause;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(directory, deleter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
