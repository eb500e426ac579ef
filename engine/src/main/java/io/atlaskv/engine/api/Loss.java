package io.atlaskv.engine.api;

import org.jspecify.annotations.Nullable;

/// Something in the files of a store that could not be read, and what is lost with it.
///
/// @param file plain name of the file
/// @param offset where the unreadable part begins
/// @param bytes how long it is; 0 if that is not known, or the file is not there
/// @param detail what was expected and what was found
/// @param after what is lost has greater full keys than this one; null if nothing is known
/// @param before what is lost has smaller full keys than this one; null if nothing is known
/// @param entries rows or operations that are known to be lost; `UNKNOWN` if nobody can say
public record Loss(
    String file,
    long offset,
    long bytes,
    String detail,
    @Nullable Bytes after,
    @Nullable Bytes before,
    long entries) {
  /// Value of `entries` where nobody can say.
  public static final long UNKNOWN = -1;

  /// A loss of which the keys are not known.
  public static Loss of(String file, long offset, long bytes, String detail, long entries) {
    return new Loss(file, offset, bytes, detail, null, null, entries);
  }

  /// True if it is known how much is lost.
  public boolean isCounted() {
    return entries != UNKNOWN;
  }

  /// `000012.sst@4096: expected crc 1a2b, found 0000`
  @Override
  public String toString() {
    return file + "@" + offset + ": " + detail;
  }
}
