package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.Varint;
import io.atlaskv.engine.internal.manifest.CompactionStyleFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The row of a namespace in the directory.
///
/// ```
/// 0  4  id, little-endian
/// 4  1  kind: 1 raw, 2 redis
/// 5     fields, each: tag varint, length varint, content
///
/// tag = number << 1 | ignorable
///
/// number  content
///      1  compaction style (CompactionStyleFormat)
/// ```
///
/// Options that have their default are not written. A reader skips unknown fields whose ignorable
/// bit is set, and refuses the row for others.
///
/// @param id the namespace
/// @param options what it was last given
record NamespaceRow(int id, NamespaceOptions options) {
  private static final int KIND_OFFSET = Integer.BYTES;
  private static final int FIELDS_OFFSET = KIND_OFFSET + 1;
  private static final int BYTES_MAX = 1 << 10;
  private static final byte RAW = 1;

  private static final int COMPACTION = 1;
  private static final int IGNORABLE = 1;

  /// True if a row is that of a raw namespace.
  static boolean isRaw(byte[] row) {
    return row[KIND_OFFSET] == RAW;
  }

  byte[] encode() {
    try (var row = new NativeBuffer(64, BYTES_MAX)) {
      byte[] head = new byte[FIELDS_OFFSET];
      ByteArrays.putLeInt(head, 0, id);
      head[KIND_OFFSET] = RAW;
      row.put(head, 0, head.length);
      if (!options.compaction().equals(CompactionStyle.LEVELED)) {
        put(row, COMPACTION, CompactionStyleFormat.encode(options.compaction()));
      }
      return ByteArrays.copyOf(row.segment(), 0, row.length());
    }
  }

  private static void put(NativeBuffer row, int number, byte[] content) {
    row.putVarint((long) number << 1);
    row.putVarint(content.length);
    row.put(content, 0, content.length);
  }

  /// Reads the row of a raw namespace.
  ///
  /// @throws CorruptionException if the bytes are no row
  /// @throws UnsupportedFormatException if a field is unknown and must not be ignored
  static NamespaceRow decode(String name, byte[] row) {
    if (row.length < FIELDS_OFFSET) {
      throw corruption(name, row.length, "row of " + row.length + " bytes");
    }
    try (var source = new NativeBuffer(row.length, row.length)) {
      source.put(row, 0, row.length);
      var reader = new Reader(name, source.segment(), FIELDS_OFFSET, row.length);
      return new NamespaceRow(ByteArrays.leInt(row, 0), options(name, reader));
    }
  }

  private static NamespaceOptions options(String name, Reader reader) {
    NamespaceOptions options = NamespaceOptions.DEFAULT;
    while (!reader.isAtEnd()) {
      long tag = reader.number();
      Reader content = reader.field();
      int start = content.at;
      long number = tag >>> 1;
      try {
        if (number == COMPACTION) {
          options = options.withCompaction(CompactionStyleFormat.decode(content.numbers()));
        } else if ((tag & IGNORABLE) == 0) {
          throw new UnsupportedFormatException(
              "namespace '" + name + "'", "row has field " + number + ", unknown to this release");
        }
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new CorruptionException(
            "namespace '" + name + "'", start, "invalid field: " + e.getMessage(), e);
      }
    }
    return options;
  }

  private static CorruptionException corruption(String name, int at, String detail) {
    return new CorruptionException("namespace '" + name + "'", at, detail);
  }

  /// Reads fields and their numbers, never beyond its limit.
  private static final class Reader {
    private final String name;
    private final MemorySegment source;
    private final int limit;
    private int at;

    Reader(String name, MemorySegment source, int start, int limit) {
      this.name = name;
      this.source = source;
      this.at = start;
      this.limit = limit;
    }

    boolean isAtEnd() {
      return at == limit;
    }

    long number() {
      int size = Varint.sizeAt(source, at, limit);
      if (size == 0) {
        throw corruption(name, at, "malformed number");
      }
      long value = Varint.readLong(source, at, size);
      if (value < 0) {
        throw corruption(name, at, "number out of range: " + Long.toUnsignedString(value));
      }
      at += size;
      return value;
    }

    Reader field() {
      long length = number();
      if (length > limit - at) {
        throw corruption(name, at, "field of " + length + " bytes in " + (limit - at));
      }
      var content = new Reader(name, source, at, at + (int) length);
      at += (int) length;
      return content;
    }

    /// All numbers from here to the end.
    long[] numbers() {
      long[] numbers = new long[limit - at];
      int count = 0;
      while (!isAtEnd()) {
        numbers[count++] = number();
      }
      return Arrays.copyOf(numbers, count);
    }
  }
}
