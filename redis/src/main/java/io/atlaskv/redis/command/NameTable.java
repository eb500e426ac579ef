package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds a command by its name: an open hash table, full to an eighth at most, so nearly always
/// with one probe. Case does not matter, nothing is allocated.
final class NameTable {
  private static final int NAME_BYTES_MAX = 24;
  private static final long FOLD_ALL = 0xdfdf_dfdf_dfdf_dfdfL;
  private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
  private static final int SPREAD = 8;

  private final @Nullable RegisteredCommand[] slots;
  private final int shift;

  NameTable(List<RegisteredCommand> commands) {
    int bits = 64 - Long.numberOfLeadingZeros((long) commands.size() * SPREAD - 1);
    shift = 64 - bits;
    slots = new @Nullable RegisteredCommand[1 << bits];
    for (RegisteredCommand command : commands) {
      String name = command.spec.name();
      if (name.length() > NAME_BYTES_MAX) {
        throw new IllegalArgumentException("name is too long: " + name);
      }
      int slot = slot(fold(name));
      while (slots[slot] != null) {
        slot = next(slot);
      }
      slots[slot] = command;
    }
  }

  /// The command of this name, or null. Up to 7 bytes behind the slice are read.
  @Nullable RegisteredCommand find(MemorySegment segment, long offset, int length) {
    if (length == 0 || length > NAME_BYTES_MAX) {
      return null;
    }
    long folded = 0;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      folded = Long.rotateLeft(folded, 23) ^ (segment.get(Layouts.LE_LONG, offset + at) & FOLD_ALL);
    }
    int rest = length - at;
    if (rest > 0) {
      long mask = FOLD_ALL >>> ((Long.BYTES - rest) * Byte.SIZE);
      folded = Long.rotateLeft(folded, 23) ^ (segment.get(Layouts.LE_LONG, offset + at) & mask);
    }
    int slot = slot(folded);
    RegisteredCommand command = slots[slot];
    while (command != null && !command.name.matches(segment, offset, length)) {
      slot = next(slot);
      command = slots[slot];
    }
    return command;
  }

  private int slot(long folded) {
    return (int) (((folded ^ (folded >>> 32)) * GOLDEN) >>> shift);
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  private static long fold(String name) {
    byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.ISO_8859_1), NAME_BYTES_MAX);
    long folded = 0;
    for (int at = 0; at < name.length(); at += Long.BYTES) {
      folded = Long.rotateLeft(folded, 23) ^ (ByteArrays.leLong(bytes, at) & FOLD_ALL);
    }
    return folded;
  }
}
