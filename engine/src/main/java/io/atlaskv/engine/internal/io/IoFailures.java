package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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

  /// The JDK has no type for a full disk, only the text of the operating system.
  static boolean isDiskFull(IOException failure) {
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
