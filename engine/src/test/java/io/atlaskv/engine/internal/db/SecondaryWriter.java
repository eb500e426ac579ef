package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.WriteBatch;
import java.nio.file.Path;

/// A process that writes without end, so that memtables, segments, tables and levels come and go:
/// batch `n` sets `first` and `last` to `n`, and key `n mod KEYS` too, behind a prefix.
final class SecondaryWriter {
  static final int KEYS = 3_000;
  static final byte[] FIRST = {'a'};
  static final byte[] LAST = {'z'};
  static final Options OPTIONS =
      Options.DEFAULT
          .withMemoryLimitBytes(64 << 20)
          .withMemtableBytes(1 << 20)
          .withLogSegmentBytes(1 << 20)
          .withTableBytes(256 << 10);
  private static final int VALUE_BYTES = 300;

  private SecondaryWriter() {}

  static byte[] key(long number) {
    byte[] digits = Codec.int32().toBytes((int) (number % KEYS));
    return new byte[] {'k', digits[0], digits[1], digits[2], digits[3]};
  }

  /// The number, and some more bytes.
  static byte[] value(long number) {
    byte[] value = new byte[VALUE_BYTES];
    System.arraycopy(Codec.int64().toBytes(number), 0, value, 0, Long.BYTES);
    return value;
  }

  static long numberIn(byte[] value) {
    byte[] number = new byte[Long.BYTES];
    System.arraycopy(value, 0, number, 0, number.length);
    return Codec.int64().fromBytes(number);
  }

  /// Writes until it is killed.
  ///
  /// @param args the directory
  public static void main(String[] args) {
    try (Db db = AtlasKv.open(Path.of(args[0]), OPTIONS)) {
      for (long number = 1; ; number++) {
        db.write(
            new WriteBatch()
                .put(FIRST, value(number))
                .put(key(number), value(number))
                .put(LAST, value(number)));
        if (number == KEYS) {
          System.out.println("all keys are there");
        }
      }
    }
  }
}
