package io.atlaskv.engine.internal.base;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The kinds of files with a `FileHeader`: their magic and what this release knows of them.
public enum FileFormat {
  /// Segment of the write-ahead log.
  LOG("ATLASLOG", "log segment", 1, 0, 0),
  /// Immutable sorted table.
  TABLE("ATLASSST", "table", 1, 0, Features.ROW_SUMS),
  /// List of live tables.
  MANIFEST("ATLASMAN", "manifest", 1, 0, 0),
  /// Names the live manifest.
  CURRENT("ATLASCUR", "name of the manifest", 1, 0, 0),
  /// How much of the manifest is synced.
  COMMITTED("ATLASCOM", "mark of the manifest", 1, 0, 0),
  /// Files of a backup.
  BACKUP("ATLASBAK", "list of a backup", 1, 0, 0);

  /// Incompatible feature of tables: their data blocks have a checksum of each row.
  public static final int ROW_SUMS = Features.ROW_SUMS;

  private final long magic;
  private final String title;
  private final int version;
  private final int readOnlyFeatures;
  private final int incompatibleFeatures;

  FileFormat(
      String magic, String title, int version, int readOnlyFeatures, int incompatibleFeatures) {
    this.magic =
        ByteBuffer.wrap(magic.getBytes(StandardCharsets.US_ASCII))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    this.title = title;
    this.version = version;
    this.readOnlyFeatures = readOnlyFeatures;
    this.incompatibleFeatures = incompatibleFeatures;
  }

  /// The first 8 bytes of the file, read little-endian.
  public long magic() {
    return magic;
  }

  /// The kind in words, for messages.
  public String title() {
    return title;
  }

  /// Newest format version this release knows, and the one it writes.
  public int version() {
    return version;
  }

  /// Features without which a file must not be written to; those known here.
  public int readOnlyFeatures() {
    return readOnlyFeatures;
  }

  /// Features without which a file must not be read; those known here.
  public int incompatibleFeatures() {
    return incompatibleFeatures;
  }

  /// Numbers that the constants above need before this class has any of its own.
  private static final class Features {
    static final int ROW_SUMS = 1;
  }
}
