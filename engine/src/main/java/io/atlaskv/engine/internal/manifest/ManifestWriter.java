package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.io.AppendFile;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.UUID;

/// Appends edits to one manifest, each synced before the next: at most the last record of a
/// manifest can be torn.
///
/// ```
/// header       [FileHeader]
/// record*      [ManifestRecord], payload = edit [VersionEditFormat]; the first holds a whole state
/// ```
final class ManifestWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 4 << 10;
  private static final int RECORD_BYTES_MAX = 1 << 30;

  private final long number;
  private final AppendFile file;
  private final NativeBuffer buffer = new NativeBuffer(BUFFER_BYTES, RECORD_BYTES_MAX);

  private ManifestWriter(long number, AppendFile file) {
    this.number = number;
    this.file = file;
  }

  /// Makes a manifest that begins with `state`. Both content and name are safe afterwards.
  static ManifestWriter create(FileSystem files, long number, UUID storeUuid, StoreState state) {
    ManifestWriter writer = createUnnamed(files, number, storeUuid, state);
    try {
      files.syncDirectory();
      return writer;
    } catch (Throwable e) {
      writer.close();
      throw e;
    }
  }

  /// As `create`, but the name is not safe until the caller has synced the directory.
  static ManifestWriter createUnnamed(
      FileSystem files, long number, UUID storeUuid, StoreState state) {
    var writer = new ManifestWriter(number, files.create(FileName.manifest(number)));
    try {
      int at = writer.buffer.reserve(FileHeader.BYTES);
      FileHeader.of(FileFormat.MANIFEST, storeUuid, number).encode(writer.buffer.segment(), at);
      writer.putRecord(state.asEdit(), at + FileHeader.BYTES);
      writer.flush();
      return writer;
    } catch (Throwable e) {
      writer.close();
      throw e;
    }
  }

  /// Goes on with a manifest that is there, all of it safe.
  static ManifestWriter reopen(FileSystem files, long number) {
    return new ManifestWriter(number, files.openAppend(FileName.manifest(number)));
  }

  long number() {
    return number;
  }

  /// Bytes of the file.
  long bytes() {
    return file.size();
  }

  /// Appends an edit without syncing it.
  void append(VersionEdit edit) {
    putRecord(edit, file.size());
    writeOut();
  }

  /// Makes all edits appended safe.
  void sync() {
    file.sync();
  }

  private void flush() {
    writeOut();
    file.sync();
  }

  private void writeOut() {
    try {
      file.append(buffer.view());
    } finally {
      buffer.clear();
    }
  }

  private void putRecord(VersionEdit edit, long fileOffset) {
    int at = buffer.reserve(ManifestRecord.HEADER_BYTES);
    VersionEditFormat.encode(edit, buffer);
    int payloadLength = buffer.length() - at - ManifestRecord.HEADER_BYTES;
    ManifestRecord.seal(buffer.segment(), at, payloadLength, number, fileOffset);
  }

  @Override
  public void close() {
    file.close();
    buffer.close();
  }
}
