package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Turns the JDK's exceptions into ours: `000012.log: write of 4096 bytes at 0 failed: ...`.
final class IoFailures {
  private static final String NO_SPACE = "no space left";
  private static final String QUOTA = "quota exceeded";

  private IoFailures() {}

  static StorageException of(String file, String what, IOException failure) {
    return new StorageException(
        file + ": " + what + " failed: " + reason(failure), failure, isDiskFull(failure));
  }

  /// As above for a write of `bytes` bytes to `path`. The text of a full disk may be in any
  /// language, so the device is asked too.
  static StorageException ofWrite(
      String file, Path path, String what, long bytes, IOException failure) {
    boolean isFull = isDiskFull(failure) || usableBytes(path) < bytes;
    return new StorageException(
        file + ": " + what + " failed: " + reason(failure), failure, isFull);
  }

  private static long usableBytes(Path path) {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException _) {
      return Long.MAX_VALUE;
    }
  }

  /// The JDK has no type for a full disk, only the text of the operating system.
  private static boolean isDiskFull(IOException failure) {
    String message = failure.getMessage();
    if (message == null) {
      return false;
    }
    String text = message.toLowerCase(Locale.ROOT);
    return text.contains(NO_SPACE) || text.contains(QUOTA);
  }

  private static @Nullable String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "does not exist";
      case FileAlreadyExistsException _ -> "exists already";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
    };
  }
}
