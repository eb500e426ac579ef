package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// Reads a manifest back. The writer syncs each record before it begins the next, so exactly one
/// kind of damage is the trace of a crash: the last record is incomplete, and nobody was ever told
/// that it had been written. Everything else is corruption.
public final class ManifestReader {
  /// What a manifest holds.
  ///
  /// @param state what its edits add up to
  /// @param edits number of its whole edits
  /// @param intactBytes bytes up to the end of the last of them
  /// @param bytes size of the file
  /// @param isOwnFormat whether this release writes such a header, and knows all fields of the
  ///   edits
  public record Content(
      StoreState state, long edits, long intactBytes, long bytes, boolean isOwnFormat) {}

  private final String file;
  private final long number;
  private final MemorySegment content;
  private boolean hasIgnoredFields;

  private ManifestReader(long number, MemorySegment content) {
    this.file = FileName.manifest(number);
    this.number = number;
    this.content = content;
  }

  /// What manifest `number` holds.
  ///
  /// @param committedLength bytes of it known to have been synced; 0 if nothing is known
  static Content read(FileSystem files, long number, UUID storeUuid, long committedLength) {
    try (var arena = Arena.ofConfined()) {
      String name = FileName.manifest(number);
      var reader = new ManifestReader(number, WholeFile.read(files, name, arena));
      FileHeader header = FileHeader.decode(name, reader.content, FileFormat.MANIFEST);
      header.requireIdentity(name, storeUuid, number);
      header.requireWritable(name);
      boolean isOwnHeader = header.equals(FileHeader.of(FileFormat.MANIFEST, storeUuid, number));
      return reader.readRecords(committedLength, isOwnHeader);
    }
  }

  /// Which store manifest `number` says it belongs to.
  static UUID storeUuid(FileSystem files, long number) {
    try (var arena = Arena.ofConfined()) {
      String name = FileName.manifest(number);
      MemorySegment content = WholeFile.read(files, name, arena);
      return FileHeader.decode(name, content, FileFormat.MANIFEST).storeUuid();
    }
  }

  private Content readRecords(long committedLength, boolean isOwnHeader) {
    StoreState state = StoreState.EMPTY;
    long edits = 0;
    long at = FileHeader.BYTES;
    while (ManifestRecord.hasHeader(content, at, number)
        && ManifestRecord.hasPayload(content, at, number)) {
      long payloadAt = at + ManifestRecord.HEADER_BYTES;
      int payloadLength = ManifestRecord.payloadLength(content, at);
      VersionEdit edit =
          VersionEditFormat.decode(
              file, content, payloadAt, payloadLength, _ -> hasIgnoredFields = true);
      try {
        state = state.apply(edit);
      } catch (IllegalArgumentException e) {
        throw new CorruptionException(file, at, "edit does not fit: " + e.getMessage(), e);
      }
      at = payloadAt + payloadLength;
      edits++;
    }
    if (at == FileHeader.BYTES) {
      throw new CorruptionException(file, at, "the first record is damaged");
    }
    requireTornTail(at, committedLength);
    return new Content(state, edits, at, content.byteSize(), isOwnHeader && !hasIgnoredFields);
  }

  /// Checks that what follows the last intact record can be the trace of a crash.
  private void requireTornTail(long at, long committedLength) {
    if (at < committedLength) {
      throw new CorruptionException(
          file,
          at,
          "expected intact records up to " + committedLength + ", the one here is damaged");
    }
    if (ManifestRecord.hasHeader(content, at, number)) {
      long end = at + ManifestRecord.HEADER_BYTES + ManifestRecord.payloadLength(content, at);
      if (end < content.byteSize()) {
        throw new CorruptionException(file, at, "damaged record with others after it");
      }
    }
    for (long next = at + 1; next < content.byteSize(); next++) {
      if (ManifestRecord.hasHeader(content, next, number)) {
        throw new CorruptionException(file, at, "damaged record, intact one at " + next);
      }
    }
  }
}
