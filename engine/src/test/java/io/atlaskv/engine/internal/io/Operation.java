package io.atlaskv.engine.internal.io;

/// One call of a file system, as the fault file system saw it.
///
/// @param index 0-based place among all calls
/// @param name file, with its directory unless that is the root
/// @param position start of a read, write or stretch of zeroes, new length of a preallocation
/// @param bytes how much was to be read, written or zeroed
public record Operation(int index, Kind kind, String name, long position, int bytes) {
  /// What was called.
  public enum Kind {
    CREATE,
    OPEN,
    READ,
    WRITE,
    ZERO,
    PREALLOCATE,
    SYNC,
    RENAME,
    DELETE,
    LINK,
    SYNC_DIRECTORY,
    LIST;

    /// False if a crash before and after the call can leave the same states only.
    public boolean isMutating() {
      return this != OPEN && this != READ && this != LIST;
    }
  }

  @Override
  public String toString() {
    String call = "op " + index + ": " + kind + " " + name;
    return switch (kind) {
      case READ, WRITE, ZERO -> call + " [" + position + ", " + (position + bytes) + ")";
      case PREALLOCATE -> call + " to " + position;
      default -> call;
    };
  }
}
