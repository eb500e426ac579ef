package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.Varint;
import io.atlaskv.engine.internal.manifest.CompactionStyleFormat;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
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
///      2  quota, bytes: varint
///      3  quota, entries: varint
///      4  durability: 0 always, 1 interval and its milliseconds, 2 os; varints
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
  private static final int QUOTA_BYTES = 2;
  private static final int QUOTA_ENTRIES = 3;
  private static final int DURABILITY = 4;

  private static final int ALWAYS = 0;
  private static final int INTERVAL = 1;
  private static final int OS = 2;
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
      if (options.quotaBytes() > 0) {
        put(row, QUOTA_BYTES, options.quotaBytes());
      }
      if (options.quotaEntries() > 0) {
        put(row, QUOTA_ENTRIES, options.quotaEntries());
      }
      Durability durability = options.durability();
      if (durability != null) {
        switch (durability.mode()) {
          case ALWAYS -> put(row, DURABILITY, ALWAYS);
          case INTERVAL -> put(row, DURABILITY, INTERVAL, durability.interval().toMillis());
          case OS -> put(row, DURABILITY, OS);
        }
      }
      return ByteArrays.copyOf(row.segment(), 0, row.length());
    }
  }

  private static void put(NativeBuffer row, int number, long... content) {
    try (var field = new NativeBuffer(32, BYTES_MAX)) {
      for (long value : content) {
        field.putVarint(value);
      }
      put(row, number, ByteArrays.copyOf(field.segment(), 0, field.length()));
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
        } else if (number == QUOTA_BYTES) {
          options = options.withQuotaBytes(only(content.numbers()));
        } else if (number == QUOTA_ENTRIES) {
          options = options.withQuotaEntries(only(content.numbers()));
        } else if (number == DURABILITY) {
          options = options.withDurability(durability(content.numbers()));
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

  private static long only(long[] numbers) {
    if (numbers.length != 1) {
      throw new IllegalArgumentException(numbers.length + " numbers");
    }
    return numbers[0];
  }

  private static Durability durability(long[] numbers) {
    if (numbers.length == 2 && numbers[0] == INTERVAL) {
      return Durability.interval(Duration.ofMillis(numbers[1]));
    }
    long mode = only(numbers);
    if (mode != ALWAYS && mode != OS) {
      throw new IllegalArgumentException("durability " + mode);
    }
    return mode == ALWAYS ? Durability.ALWAYS : Durability.OS;
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
