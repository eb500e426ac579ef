package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds a command by its name with one probe: a multiplier is searched at the start for which no
/// two names meet. Case does not matter, nothing is allocated.
final class NameTable {
  private static final int NAME_BYTES_MAX = 24;
  private static final long FOLD_ALL = 0xdfdf_dfdf_dfdf_dfdfL;
  private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
  private static final int SPREAD = 4;

  private final @Nullable RegisteredCommand[] slots;
  private final long multiplier;
  private final int shift;

  NameTable(List<RegisteredCommand> commands) {
    int bits = 64 - Long.numberOfLeadingZeros((long) commands.size() * SPREAD - 1);
    shift = 64 - bits;
    long candidate = GOLDEN;
    @Nullable RegisteredCommand[] table = place(commands, candidate, bits);
    while (table == null) {
      candidate = candidate * GOLDEN + 2; // stays odd
      table = place(commands, candidate, bits);
    }
    slots = table;
    multiplier = candidate;
  }

  private @Nullable RegisteredCommand @Nullable [] place(
      List<RegisteredCommand> commands, long candidate, int bits) {
    var table = new @Nullable RegisteredCommand[1 << bits];
    for (RegisteredCommand command : commands) {
      String name = command.spec.name();
      if (name.length() > NAME_BYTES_MAX) {
        throw new IllegalArgumentException("name is too long: " + name);
      }
      int slot = (int) ((mix(fold(name)) * candidate) >>> shift);
      if (table[slot] != null) {
        return null;
      }
      table[slot] = command;
    }
    return table;
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
    RegisteredCommand command = slots[(int) ((mix(folded) * multiplier) >>> shift)];
    return command != null && command.name.matches(segment, offset, length) ? command : null;
  }

  private static long fold(String name) {
    long folded = 0;
    for (int at = 0; at < name.length(); at += Long.BYTES) {
      long word = 0;
      for (int i = at; i < Math.min(at + Long.BYTES, name.length()); i++) {
        word |= (long) name.charAt(i) << (Byte.SIZE * (i - at));
      }
      folded = Long.rotateLeft(folded, 23) ^ (word & FOLD_ALL);
    }
    return folded;
  }

  private static long mix(long folded) {
    return folded ^ (folded >>> 32);
  }
}
