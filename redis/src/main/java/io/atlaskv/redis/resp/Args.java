package io.atlaskv.redis.resp;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Arguments of one command, in place: offsets into the memory it was received in. Reused.
///
/// Invariants:
/// - A1: argument `i` is `[base + offset(i), + length(i))` of `segment`; argument 0 is the name.
/// - A2: 8 bytes behind the last argument can be read, so that short words are compared as longs.
/// - A3: where requests carry no name (`startNamed`), argument 0 has a length but no bytes in
///   `segment`: only the methods that speak of the name, `bytes` and `text` know it.
/// - A4: what was received is never changed, as it may be read again: arguments that are not what
///   was received lie in memory of their own (`startOwn`), and stay there when that moves.
public final class Args {
  /// Bytes that must be readable behind the last argument (A2).
  public static final int SLACK_BYTES = Long.BYTES;

  private static final int SLOTS_KEPT = 2 * 1024;
  private static final int OWN_BYTES_KEPT = 1024;
  private static final MemorySegment NO_NAME = name("");

  private MemorySegment segment = MemorySegment.NULL;
  private @Nullable MemorySegment name;
  private @Nullable MemorySegment own;
  private boolean isOwn;
  private String refusal = "";
  private long base;

  /// Longest argument that is copied to the heap, an eighth of it; values are not.
  public static final int COPY_BYTES_MAX =
      (int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / 8);

  private int[] slots = new int[2 * 16]; // offset and length by turns
  private int count;
  private long number;

  /// Starts a new command in `[base, ...)` of `memory`.
  public void start(MemorySegment memory, long newBase) {
    segment = memory;
    name = null;
    isOwn = false;
    base = newBase;
    count = 0;
    if (slots.length > SLOTS_KEPT) {
      slots = new int[SLOTS_KEPT];
    }
  }

  /// Starts a new command in memory of its own, from 0 on: at least `bytes` and the slack (A2).
  public MemorySegment startOwn(int bytes) {
    MemorySegment memory = own;
    if (memory == null || memory.byteSize() < (long) bytes + SLACK_BYTES) {
      memory = Arena.ofAuto().allocate((long) bytes + SLACK_BYTES);
    }
    own = memory.byteSize() <= OWN_BYTES_KEPT ? memory : null;
    start(memory, 0);
    isOwn = true;
    return memory;
  }

  /// The name of a command for `startNamed`.
  public static MemorySegment name(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    MemorySegment memory = Arena.global().allocate((long) bytes.length + SLACK_BYTES);
    memory.asByteBuffer().put(bytes);
    return memory;
  }

  /// Starts a new command in `[base, ...)` of `memory` whose name is not there but `newName`, made
  /// by `name`. Its further arguments are to be added.
  public void startNamed(MemorySegment memory, long newBase, MemorySegment newName) {
    start(memory, newBase);
    name = newName;
    add(0, nameLength());
  }

  /// Starts what was received as one request but means none: it has no name, and `error` is its
  /// answer.
  public void startRefused(MemorySegment memory, long newBase, String error) {
    startNamed(memory, newBase, NO_NAME);
    refusal = error;
  }

  /// The answer to a request that means none; null for all others.
  public @Nullable String refusal() {
    return nameLength() == 0 && name != null ? refusal : null;
  }

  /// Where the name is.
  public MemorySegment nameSegment() {
    MemorySegment own = name;
    return own == null ? segment : own;
  }

  /// Where the name starts in `nameSegment`.
  public long nameOffset() {
    return name == null ? offset(0) : 0;
  }

  public int nameLength() {
    MemorySegment own = name;
    return own == null ? length(0) : (int) own.byteSize() - SLACK_BYTES;
  }

  /// What was received is now at another place.
  public void moveTo(MemorySegment memory, long newBase) {
    if (!isOwn) {
      segment = memory;
      base = newBase;
    }
  }

  /// Appends an argument; `offset` counts from the base.
  public void add(int offset, int length) {
    int at = 2 * count;
    if (at == slots.length) {
      slots = Arrays.copyOf(slots, 2 * at);
    }
    slots[at] = offset;
    slots[at + 1] = length;
    count++;
  }

  /// Number of arguments, the name included.
  public int count() {
    return count;
  }

  public MemorySegment segment() {
    return segment;
  }

  /// Where argument `i` starts in `segment`.
  public long offset(int i) {
    return base + slots[2 * i];
  }

  public int length(int i) {
    return slots[2 * i + 1];
  }

  /// Bytes of all arguments from `first` on.
  public long bytesFrom(int first) {
    long bytes = 0;
    for (int i = first; i < count; i++) {
      bytes += length(i);
    }
    return bytes;
  }

  public byte byteAt(int i, int index) {
    return segment.get(Layouts.BYTE, offset(i) + index);
  }

  /// True if argument `i` is this word in any case.
  public boolean is(int i, Keyword word) {
    return word.matches(segment, offset(i), length(i));
  }

  /// True if arguments `i` and `j` are the same bytes.
  public boolean areEqual(int i, int j) {
    return length(i) == length(j)
        && KeyBytes.equal(segment, offset(i), segment, offset(j), length(i));
  }

  /// True if argument `i` is a 64-bit decimal as Redis writes it; `number` has it.
  public boolean isNumber(int i) {
    long at = offset(i);
    int length = length(i);
    if (!Decimal.isLong(segment, at, length)) {
      return false;
    }
    number = Decimal.parse(segment, at, length);
    return true;
  }

  /// What the last `isNumber` that was true has read.
  public long number() {
    return number;
  }

  /// A copy of argument `i`.
  ///
  /// @throws ArgumentTooLargeException if it is longer than `COPY_BYTES_MAX`
  public byte[] bytes(int i) {
    int length = i == 0 ? nameLength() : length(i);
    if (length > COPY_BYTES_MAX) {
      throw new ArgumentTooLargeException(length);
    }
    return head(i, length);
  }

  /// A copy of at most the first `bytesMax` bytes of argument `i`.
  public byte[] head(int i, int bytesMax) {
    if (i == 0) {
      return ByteArrays.copyOf(nameSegment(), nameOffset(), Math.min(nameLength(), bytesMax));
    }
    return ByteArrays.copyOf(segment, offset(i), Math.min(length(i), bytesMax));
  }

  /// A copy of argument `i` as text.
  ///
  /// @throws ArgumentTooLargeException if it is longer than `COPY_BYTES_MAX`
  public String text(int i) {
    return new String(bytes(i), StandardCharsets.UTF_8);
  }
}
