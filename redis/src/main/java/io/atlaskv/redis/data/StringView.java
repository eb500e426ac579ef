package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The bytes of one string, wherever they lie, a stretch at a time: `show` a place, then read from
/// there to `end`. Reused; one thread at a time.
public final class StringView implements AutoCloseable {
  private static final int ZEROES_BYTES = 16 * 1024;
  private static final MemorySegment ZEROES = Arena.global().allocate(ZEROES_BYTES, Long.BYTES);
  private static final int NONE = -1;

  private final Lookup row = new Lookup();
  private final byte[] key = new byte[FragmentFormat.KEY_BYTES];
  private @Nullable Keyspace keys; // of a string in fragments
  private @Nullable Fragments fragments;
  private long length;
  private MemorySegment inline = MemorySegment.NULL;
  private long inlineOffset;
  private int fragment = NONE; // in `row`
  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private long end;
  private boolean isHole;

  /// Shows a string that is whole in memory.
  void beginInline(MemorySegment memory, long at, int bytes) {
    fragments = null;
    inline = memory;
    inlineOffset = at;
    length = bytes;
  }

  /// Shows a string in fragments.
  void beginFragments(Keyspace reading, Fragments place) {
    keys = reading;
    fragments = place;
    length = place.length();
    fragment = NONE;
  }

  /// Takes over what pins the inline string of `found`, so that it outlives the next `find`.
  void keep(Lookup found) {
    row.take(found);
  }

  /// Shows no bytes.
  void beginEmpty() {
    beginInline(MemorySegment.NULL, 0, 0);
  }

  public long length() {
    return length;
  }

  /// True if the string is whole in memory, so that one stretch shows all of it.
  public boolean isInline() {
    return fragments == null;
  }

  /// Shows the bytes from `from` on, which must be before `length`: `Reader.FOUND` or
  /// `NEEDS_BLOCKS`.
  public int show(long from) {
    Fragments place = fragments;
    if (place == null) {
      segment = inline;
      offset = inlineOffset + from;
      end = length;
      isHole = false;
      return Reader.FOUND;
    }
    int number = (int) (from / place.fragmentBytes());
    if (number != fragment) {
      int state = read(place, number);
      if (state == Reader.NEEDS_BLOCKS) {
        return state;
      }
    }
    long start = (long) number * place.fragmentBytes();
    long at = from - start;
    isHole = at >= row.length();
    if (isHole) {
      segment = ZEROES;
      offset = 0;
      end = Math.min(start + place.fragmentBytes(), from + ZEROES_BYTES);
    } else {
      segment = row.segment();
      offset = row.offset() + at;
      end = start + row.length();
    }
    end = Math.min(end, length);
    return Reader.FOUND;
  }

  private int read(Fragments place, int number) {
    fragment = NONE;
    FragmentFormat.key(key, place.namespace(), place.id(), number);
    Keyspace reading = Objects.requireNonNull(keys);
    int state = reading.reader().get(key, 0, key.length, row);
    if (state != Reader.NEEDS_BLOCKS) {
      reading.raiseGate(row.sequence());
      if (state == Reader.ABSENT) {
        row.release();
      }
      fragment = number;
    }
    return state;
  }

  /// Memory of the stretch shown: valid until the next `show`.
  public MemorySegment segment() {
    return segment;
  }

  /// Where the byte asked for is in `segment`.
  public long offset() {
    return offset;
  }

  /// Number of the first byte behind the stretch.
  public long end() {
    return end;
  }

  /// True if the stretch is all zeroes.
  public boolean isHole() {
    return isHole;
  }

  /// The byte number `at`, which must be before `length`, or `Reader.NEEDS_BLOCKS`.
  public int byteAt(long at) {
    return show(at) == Reader.NEEDS_BLOCKS
        ? Reader.NEEDS_BLOCKS
        : segment.get(Layouts.BYTE, offset) & 0xff;
  }

  /// Copies `[from, to)` to memory: `Reader.FOUND`, or `NEEDS_BLOCKS`, with as much as possible
  /// asked for.
  public int copy(long from, long to, MemorySegment target, long targetOffset) {
    int answer = Reader.FOUND;
    long at = from;
    while (at < to) {
      if (show(at) == Reader.NEEDS_BLOCKS) {
        answer = Reader.NEEDS_BLOCKS;
        at = nextFragment(at);
        continue;
      }
      long stretchEnd = Math.min(end, to);
      MemorySegment.copy(segment, offset, target, targetOffset + at - from, stretchEnd - at);
      at = stretchEnd;
    }
    return answer;
  }

  /// Where the fragment after that of byte `at` begins.
  public long nextFragment(long at) {
    Fragments place = fragments;
    return place == null ? length : (at / place.fragmentBytes() + 1) * place.fragmentBytes();
  }

  /// Gives back what is pinned.
  @Override
  public void close() {
    row.release();
    fragment = NONE;
    inline = MemorySegment.NULL;
    segment = MemorySegment.NULL;
    length = 0;
    fragments = null;
  }
}
