package io.atlaskv.engine.api;

import org.jspecify.annotations.Nullable;

/// Bytes on disk are not what was written. Names file and offset: `000012.sst@4096: expected crc
/// 1a2b, found 0000`.
public final class CorruptionException extends AtlasException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /// @param file plain name of the damaged file
  /// @param offset where the damaged structure starts
  /// @param detail what was expected and what was found
  public CorruptionException(String file, long offset, String detail) {
    this(file, offset, detail, null);
  }

  /// As above, found while handling another failure.
  public CorruptionException(String file, long offset, String detail, @Nullable Throwable cause) {
    super(file + "@" + offset + ": " + detail, cause);
    this.file = file;
    this.offset = offset;
  }

  /// A checksum that does not match, in the form every reader of ours uses.
  public static CorruptionException checksum(String file, long offset, int expected, int found) {
    return new CorruptionException(
        file,
        offset,
        "expected crc " + Integer.toHexString(expected) + ", found " + Integer.toHexString(found));
  }

  /// Plain name of the damaged file.
  public String file() {
    return file;
  }

  /// Offset at which the damaged structure starts.
  public long offset() {
    return offset;
  }
}
