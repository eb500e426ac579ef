package io.atlaskv.engine.internal.backup;

/// A file of a backup.
///
/// @param name plain name
/// @param bytes size of the file
/// @param usedBytes how much of it has content; the rest is zeroes
/// @param checksum CRC32C of what is used
/// @param endChecksum CRC32C of the end of what is used, by which a file that was not copied again
///   is known
/// @param isHistory whether the store does not need it: a log segment for restoring moments before
///   the backup
record BackupFile(
    String name, long bytes, long usedBytes, int checksum, int endChecksum, boolean isHistory) {
  /// How much counts as the end.
  static final int END_BYTES = 4 << 10;
}
