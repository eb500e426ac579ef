package io.atlaskv.testkit.crash;

/// The endless, repeatable history of one writer: operation `i` and the bytes it writes are
/// functions of seed, writer and `i`.
final class OperationStream {
  private static final int VALUE_BYTES_MIN = 40;
  private static final int VALUE_BYTES_SPREAD = 500;

  private final long seed;
  private final int writer;
  private final int slots;

  OperationStream(long seed, int writer, int slots) {
    this.seed = mix(seed ^ mix(writer));
    this.writer = writer;
    this.slots = slots;
  }

  int slots() {
    return slots;
  }

  Operation at(long index) {
    long bits = mix(seed + index);
    int slot = (int) Long.remainderUnsigned(bits >>> 8, slots);
    int percent = (int) (bits & 0x7f) * 100 / 128;
    if (percent < 70) {
      return new Operation(Operation.Kind.SET, slot, slot);
    }
    if (percent < 80) {
      return new Operation(Operation.Kind.SET_PAIR, slot, (slot + slots / 2) % slots);
    }
    return new Operation(Operation.Kind.DELETE, slot, slot);
  }

  String key(int slot) {
    return "ledger:" + writer + ":" + slot;
  }

  /// What operation `index` writes to `slot`: starts with both, so that a value tells where it is
  /// from.
  String value(long index, int slot) {
    var value = new StringBuilder(VALUE_BYTES_MIN + VALUE_BYTES_SPREAD);
    value.append(writer).append(':').append(index).append(':').append(slot).append(':');
    long bits = mix(seed ^ mix(index) ^ slot);
    int length = VALUE_BYTES_MIN + (int) Long.remainderUnsigned(bits, VALUE_BYTES_SPREAD);
    while (value.length() < length) {
      bits = mix(bits);
      value.append(Long.toUnsignedString(bits, 36));
    }
    value.setLength(length);
    return value.toString();
  }

  /// Operation that wrote this value, or -1 if no operation of this writer can have.
  long origin(String value, int slot) {
    var parts = value.split(":", 4);
    if (parts.length < 4 || !parts[0].equals(Integer.toString(writer))) {
      return -1;
    }
    try {
      long index = Long.parseLong(parts[1]);
      return value.equals(value(index, slot)) ? index : -1;
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /// SplitMix64's finalizer.
  static long mix(long value) {
    long bits = value + 0x9E3779B97F4A7C15L;
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return bits ^ (bits >>> 31);
  }
}
