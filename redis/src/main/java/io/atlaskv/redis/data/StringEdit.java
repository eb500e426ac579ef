package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/// A change of some bytes of a string, or a new string, in the batch: `begin`, `open` each place to
/// be written and write there, `finish`. Only what is opened is rewritten, so a byte far out costs
/// one fragment.
///
/// Bytes are written straight into the batch: a place stays where it is, in `segment`, until the
/// batch is committed.
public final class StringEdit {
  private static final int INLINE = -1;

  private final Keyspace keys;
  private final Batch batch;
  private final StringView old;
  private final HashMap<Integer, Integer> opened =
      new HashMap<>(); // fragment -> place in the batch
  private final byte[] key = new byte[FragmentFormat.KEY_BYTES];
  private @Nullable Fragments place;
  private int inlineAt = INLINE;
  private long expiresAt;
  private long length;
  private long offset;
  private long end;

  StringEdit(Keyspace keys, Batch batch, StringView old) {
    this.keys = keys;
    this.batch = batch;
    this.old = old;
  }

  /// The string will have `newLength` bytes and expire at `newExpiresAt`. `old` shows what it was
  /// so far. With `newPlace` it lies in fragments, else inline.
  void begin(long newLength, long newExpiresAt, @Nullable Fragments newPlace) {
    length = newLength;
    expiresAt = newExpiresAt;
    place = newPlace;
    opened.clear();
    if (newPlace != null) {
      return;
    }
    inlineAt = keys.putInline((int) newLength, newExpiresAt);
    MemorySegment memory = batch.segment();
    long kept = Math.min(old.length(), newLength);
    if (kept > 0) {
      old.show(0); // whole in memory: nothing becomes shorter on its way from fragments to inline
      MemorySegment.copy(old.segment(), old.offset(), memory, inlineAt, kept);
    }
    memory.asSlice(inlineAt + kept, newLength - kept).fill((byte) 0);
  }

  /// Makes the byte number `from`, and those after it up to `end`, ready to be written; the caller
  /// will write every one of them up to `overwrittenTo`, at least as far as `end`. Those that
  /// nobody writes stay what they were. `Reader.FOUND` or `NEEDS_BLOCKS`.
  public int open(long from, long overwrittenTo) {
    Fragments target = place;
    if (target == null) {
      offset = inlineAt + from;
      end = length;
      return Reader.FOUND;
    }
    int number = (int) (from / target.fragmentBytes());
    long start = (long) number * target.fragmentBytes();
    end = Math.min(start + target.fragmentBytes(), length);
    Integer known = opened.get(number);
    if (known == null) {
      boolean isWhole = from == start && overwrittenTo >= end;
      if (!isWhole && isMissing(start, end)) {
        return Reader.NEEDS_BLOCKS;
      }
      known = put(target, number, start, isWhole);
      if (!isWhole || old.isInline()) {
        opened.put(number, known); // it may be opened again
      }
    }
    offset = known + from - start;
    return Reader.FOUND;
  }

  private boolean isMissing(long from, long to) {
    long at = from;
    while (at < Math.min(to, old.length())) {
      if (old.show(at) == Reader.NEEDS_BLOCKS) {
        return true;
      }
      at = old.end();
    }
    return false;
  }

  private int put(Fragments target, int number, long start, boolean isWhole) {
    FragmentFormat.key(key, target.namespace(), target.id(), number);
    int bytes = (int) (end - start);
    int at = batch.put(key, 0, key.length, bytes);
    keys.requireBatchFits();
    if (!isWhole) {
      long kept = Math.clamp(old.length() - start, 0, bytes);
      MemorySegment memory = batch.segment();
      old.copy(start, start + kept, memory, at);
      memory.asSlice(at + kept, bytes - kept).fill((byte) 0);
    }
    return at;
  }

  /// Memory to write to; replaced when more is opened.
  public MemorySegment segment() {
    return batch.segment();
  }

  /// Where the byte last opened is in `segment`.
  public long offset() {
    return offset;
  }

  /// Number of the first byte behind the stretch last opened.
  public long end() {
    return end;
  }

  /// Where a stretch from `from` on should end that is written at once: behind `from` by `most` at
  /// most, and not in the middle of a fragment if that can be helped.
  public long stretchEnd(long from, long most) {
    Fragments target = place;
    if (target == null) {
      return from + most;
    }
    long fragment = from / target.fragmentBytes();
    return Math.min(from + most, (fragment + 1) * target.fragmentBytes());
  }

  /// Writes `bytes` bytes of `source` from byte number `to` on: `Reader.FOUND` or `NEEDS_BLOCKS`.
  public int write(long to, MemorySegment source, long sourceOffset, long bytes) {
    int answer = Reader.FOUND;
    long at = to;
    long last = to + bytes;
    while (at < last) {
      if (open(at, last) == Reader.NEEDS_BLOCKS) {
        answer = Reader.NEEDS_BLOCKS; // go on: all blocks are fetched at once
      } else {
        long stretch = Math.min(end, last) - at;
        MemorySegment.copy(source, sourceOffset + at - to, batch.segment(), offset, stretch);
      }
      at = Math.min(end, last);
    }
    return answer;
  }

  /// The byte number `at` as it will be, or `Reader.NEEDS_BLOCKS`.
  public int byteAt(long at) {
    if (at >= length) {
      return 0;
    }
    Fragments target = place;
    Integer known = target == null ? null : opened.get((int) (at / target.fragmentBytes()));
    if (target == null || known != null) {
      open(at, at);
      return batch.segment().get(Layouts.BYTE, offset) & 0xff;
    }
    return at >= old.length() ? 0 : old.byteAt(at);
  }

  /// Writes one byte: `Reader.FOUND` or `NEEDS_BLOCKS`.
  public int setByte(long at, int value) {
    int state = open(at, at);
    if (state == Reader.FOUND) {
      batch.segment().set(Layouts.BYTE, offset, (byte) value);
    }
    return state;
  }

  /// Completes the change.
  public void finish() {
    Fragments target = place;
    if (target == null) {
      return;
    }
    if (old.isInline()) { // it becomes fragments
      for (long at = 0; at < old.length(); at += target.fragmentBytes()) {
        open(at, at);
      }
    }
    keys.putFragmented(target, expiresAt);
  }
}
