package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.FieldReader;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.manifest.CompactionStyleFormat;
import java.time.Duration;

/// The row of a namespace in the directory.
///
/// ```
/// 0  4  id, little-endian
/// 4  1  kind: 1 raw, 2 redis
/// 5     tagged fields (FieldReader)
///
/// number  content
///      1  compaction style (CompactionStyleFormat)
///      2  quota, bytes: varint
///      3  quota, entries: varint
///      4  durability: 0 always, 1 interval and its milliseconds, 2 os; varints
///      7  shares of the background I/O: varint; ignorable
///      8  bytes of a prefix that tables have a filter for: varint; ignorable
/// ```
///
/// Options that have their default are not written.
///
/// @param id the namespace
/// @param options what it was last given
public record NamespaceRow(int id, NamespaceOptions options) {
  private static final int KIND_OFFSET = Integer.BYTES;
  private static final int FIELDS_OFFSET = KIND_OFFSET + 1;
  private static final int BYTES_MAX = 1 << 10;
  private static final byte RAW = 1;

  private static final int COMPACTION = 1;
  private static final int QUOTA_BYTES = 2;
  private static final int QUOTA_ENTRIES = 3;
  private static final int DURABILITY = 4;
  private static final int IO_SHARES = 7;
  private static final int PREFIX_BYTES = 8;

  private static final int ALWAYS = 0;
  private static final int INTERVAL = 1;
  private static final int OS = 2;

  /// True if a row is that of a raw namespace.
  public static boolean isRaw(byte[] row) {
    return row[KIND_OFFSET] == RAW;
  }

  /// The row's bytes.
  public byte[] encode() {
    try (var row = new NativeBuffer(64, BYTES_MAX)) {
      byte[] head = new byte[FIELDS_OFFSET];
      ByteArrays.putLeInt(head, 0, id);
      head[KIND_OFFSET] = RAW;
      row.put(head, 0, head.length);
      if (!options.compaction().equals(CompactionStyle.LEVELED)) {
        put(row, COMPACTION << 1, CompactionStyleFormat.encode(options.compaction()));
      }
      if (options.quotaBytes() > 0) {
        put(row, QUOTA_BYTES << 1, bytes(options.quotaBytes()));
      }
      if (options.quotaEntries() > 0) {
        put(row, QUOTA_ENTRIES << 1, bytes(options.quotaEntries()));
      }
      Durability durability = options.durability();
      if (durability != null) {
        byte[] content =
            switch (durability.mode()) {
              case ALWAYS -> bytes(ALWAYS);
              case INTERVAL -> bytes(INTERVAL, durability.interval().toMillis());
              case OS -> bytes(OS);
            };
        put(row, DURABILITY << 1, content);
      }
      if (options.ioShares() > 0) {
        put(row, (IO_SHARES << 1) | FieldReader.IGNORABLE, bytes(options.ioShares()));
      }
      if (options.prefixBytes() > 0) {
        put(row, (PREFIX_BYTES << 1) | FieldReader.IGNORABLE, bytes(options.prefixBytes()));
      }
      return ByteArrays.copyOf(row.segment(), 0, row.length());
    }
  }

  private static byte[] bytes(long... content) {
    try (var field = new NativeBuffer(32, BYTES_MAX)) {
      for (long value : content) {
        field.putVarint(value);
      }
      return ByteArrays.copyOf(field.segment(), 0, field.length());
    }
  }

  private static void put(NativeBuffer row, int tag, byte[] content) {
    row.putVarint(tag);
    row.putVarint(content.length);
    row.put(content, 0, content.length);
  }

  /// Reads the row of a raw namespace.
  ///
  /// @throws CorruptionException if the bytes are no row
  /// @throws UnsupportedFormatException if a field is unknown and must not be ignored
  public static NamespaceRow decode(String name, byte[] row) {
    if (row.length < FIELDS_OFFSET) {
      throw new CorruptionException(quoted(name), row.length, "row of " + row.length + " bytes");
    }
    try (var source = new NativeBuffer(row.length, row.length)) {
      source.put(row, 0, row.length);
      var fields = new FieldReader(quoted(name), source.segment(), FIELDS_OFFSET, row.length);
      return new NamespaceRow(ByteArrays.leInt(row, 0), options(fields));
    }
  }

  private static NamespaceOptions options(FieldReader fields) {
    var options = new OptionFields();
    fields.readAll("row", options);
    return options.read;
  }

  /// Takes options as they are read.
  private static final class OptionFields implements FieldReader.Fields {
    private NamespaceOptions read = NamespaceOptions.DEFAULT;

    @Override
    public boolean take(int number, FieldReader content) {
      switch (number) {
        case COMPACTION ->
            read = read.withCompaction(CompactionStyleFormat.decode(content.numbers()));
        case QUOTA_BYTES -> read = read.withQuotaBytes(only(content.numbers()));
        case QUOTA_ENTRIES -> read = read.withQuotaEntries(only(content.numbers()));
        case DURABILITY -> read = read.withDurability(durability(content.numbers()));
        case IO_SHARES -> read = read.withIoShares(Math.toIntExact(only(content.numbers())));
        case PREFIX_BYTES -> read = read.withPrefixBytes(Math.toIntExact(only(content.numbers())));
        default -> {
          return false;
        }
      }
      return true;
    }
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

  private static String quoted(String name) {
    return "namespace '" + name + "'";
  }
}
