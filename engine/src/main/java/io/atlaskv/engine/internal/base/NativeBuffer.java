package io.atlaskv.engine.internal.base;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Growable buffer in native memory for bytes on their way out: batches, log groups, blocks and
/// replies. Appends at `length`; grows by doubling, up to a limit. One thread at a time uses it.
///
/// Invariants:
/// - N1: `segment`, `view` and `arena` belong together and `capacity` is their size.
/// - N2: growth replaces `segment`, so callers fetch it again after any append.
/// - N3: memory is freed by `close`, `shrinkTo` and growth at once, not by the collector; or, after
///   `keepReplaced`, what growth replaces by `freeReplaced`.
///
/// Freeing costs about 20 microseconds (all threads are asked whether they still use the memory),
/// so buffers are kept and cleared, not made and closed for each use.
public final class NativeBuffer implements AutoCloseable {
  /// Largest limit: what one `ByteBuffer` can show.
  public static final int LIMIT_MAX = Integer.MAX_VALUE - 8;

  private final int limit;
  private Arena arena;
  private MemorySegment segment;
  private ByteBuffer view;
  private int capacity;
  private int length;
  private @Nullable List<Arena> replaced; // not null: what growth replaces is kept here

  /// @param initialBytes first capacity
  /// @param limitBytes most bytes it may ever hold
  public NativeBuffer(int initialBytes, int limitBytes) {
    if (initialBytes < 0 || limitBytes < initialBytes || limitBytes > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "initialBytes=" + initialBytes + " limitBytes=" + limitBytes);
    }
    limit = limitBytes;
    capacity = initialBytes;
    arena = Arena.ofShared();
    segment = arena.allocate(initialBytes);
    view = segment.asByteBuffer();
  }

  /// The bytes, of which the first `length` are content. Replaced when the buffer grows (N2).
  public MemorySegment segment() {
    return segment;
  }

  /// Bytes of content.
  public int length() {
    return length;
  }

  /// Bytes of memory.
  public int capacity() {
    return capacity;
  }

  /// Most bytes it may ever hold.
  public int limit() {
    return limit;
  }

  /// A direct buffer over `[from, to)` of the memory, for channels and checksums. The same object
  /// each time: it is valid until the next call or growth.
  public ByteBuffer view(int from, int to) {
    return view.limit(to).position(from);
  }

  /// A direct buffer over the content; see `view(from, to)`.
  public ByteBuffer view() {
    return view(0, length);
  }

  /// Forgets the content, keeps the memory.
  public void clear() {
    length = 0;
  }

  /// Cuts the content to `newLength`, which must not be longer than it is.
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException("newLength=" + newLength + " length=" + length);
    }
    length = newLength;
  }

  /// Appends `bytes` bytes of undefined content; returns where they start.
  public int reserve(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes=" + bytes);
    }
    int start = length;
    length = endOf(bytes);
    return start;
  }

  /// Makes sure that `bytes` more bytes fit without growing.
  public void ensureRoom(int bytes) {
    endOf(bytes);
  }

  /// Appends a byte.
  public void putByte(byte value) {
    int at = length;
    int end = endOf(Byte.BYTES);
    segment.set(Layouts.BYTE, at, value);
    length = end;
  }

  /// Appends a little-endian short.
  public void putShort(short value) {
    int at = length;
    int end = endOf(Short.BYTES);
    segment.set(Layouts.LE_SHORT, at, value);
    length = end;
  }

  /// Appends a little-endian int.
  public void putInt(int value) {
    int at = length;
    int end = endOf(Integer.BYTES);
    segment.set(Layouts.LE_INT, at, value);
    length = end;
  }

  /// Appends a little-endian long.
  public void putLong(long value) {
    int at = length;
    int end = endOf(Long.BYTES);
    segment.set(Layouts.LE_LONG, at, value);
    length = end;
  }

  /// Appends a varint, `value` taken as unsigned.
  public void putVarint(long value) {
    if ((value & ~0x7fL) == 0) {
      putByte((byte) value);
      return;
    }
    int at = length;
    endOf(Varint.size(value));
    length = at + Varint.put(segment, at, value);
  }

  /// Appends a slice of a heap array.
  public void put(byte[] source, int offset, int count) {
    int at = length;
    int end = endOf(count);
    MemorySegment.copy(source, offset, segment, Layouts.BYTE, at, count);
    length = end;
  }

  /// Appends a slice of native memory.
  public void put(MemorySegment source, long offset, int count) {
    int at = length;
    int end = endOf(count);
    MemorySegment.copy(source, offset, segment, at, count);
    length = end;
  }

  /// Overwrites the byte at `offset`, which must be content.
  public void patchByte(int offset, byte value) {
    assert offset + Byte.BYTES <= length : "offset=" + offset + " length=" + length;
    segment.set(Layouts.BYTE, offset, value);
  }

  /// Overwrites the little-endian short at `offset`, which must be content.
  public void patchShort(int offset, short value) {
    assert offset + Short.BYTES <= length : "offset=" + offset + " length=" + length;
    segment.set(Layouts.LE_SHORT, offset, value);
  }

  /// Overwrites the little-endian int at `offset`, which must be content.
  public void patchInt(int offset, int value) {
    assert offset + Integer.BYTES <= length : "offset=" + offset + " length=" + length;
    segment.set(Layouts.LE_INT, offset, value);
  }

  /// Overwrites the little-endian long at `offset`, which must be content.
  public void patchLong(int offset, long value) {
    assert offset + Long.BYTES <= length : "offset=" + offset + " length=" + length;
    segment.set(Layouts.LE_LONG, offset, value);
  }

  /// Gives memory back if there is more than `bytes` of it; content beyond is lost.
  public void shrinkTo(int bytes) {
    if (bytes < capacity) {
      length = Math.min(length, bytes);
      replaceMemory(bytes);
    }
  }

  /// From now on, until `freeReplaced`, memory that growth replaces stays readable: at most as much
  /// again as there is content.
  public void keepReplaced() {
    if (replaced == null) {
      replaced = new ArrayList<>(0);
    }
  }

  /// Ends `keepReplaced`; does nothing without it.
  public void freeReplaced() {
    List<Arena> kept = replaced;
    if (kept != null) {
      replaced = null;
      kept.forEach(Arena::close);
    }
  }

  /// Frees the memory. The buffer must not be used afterwards; closing again does nothing.
  @Override
  public void close() {
    freeReplaced();
    if (arena.scope().isAlive()) {
      arena.close();
    }
    length = 0;
    capacity = 0;
  }

  /// End of the content once `bytes` have been appended; makes room for it.
  private int endOf(int bytes) {
    int end = length + bytes;
    if (end - capacity > 0) { // true as well if the sum has overflowed
      grow(bytes);
    }
    return end;
  }

  private void grow(int bytes) {
    long needed = (long) length + bytes;
    if (needed > limit) {
      throw new IllegalStateException("buffer is full: needed=" + needed + " limit=" + limit);
    }
    replaceMemory((int) Math.min(limit, Math.max(needed, 2L * capacity)));
  }

  private void replaceMemory(int newCapacity) {
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("buffer is closed");
    }
    var newArena = Arena.ofShared();
    MemorySegment newSegment = newArena.allocate(newCapacity);
    MemorySegment.copy(segment, 0, newSegment, 0, length);
    if (replaced == null) {
      arena.close();
    } else {
      replaced.add(arena);
    }
    arena = newArena;
    segment = newSegment;
    view = newSegment.asByteBuffer();
    capacity = newCapacity;
  }
}
