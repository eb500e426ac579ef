package io.atlaskv.engine.internal.transaction;

import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Lookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a transaction will write, in order of keys. Arrays given to it must not change afterwards.
///
/// Invariants:
/// - W1: ranges that were deleted take effect before all points: a deletion of a range takes the
///   points in it out.
/// - W2: while there is a savepoint, `undo` has what leads back to it, newest last: of each key the
///   first change since the last one, and all deletions of ranges. So a key that is written again
///   and again takes no more memory than one that is written once.
public final class WriteSet {
  /// What is set, or deleted, for one key.
  public static final class Write {
    private static final Write DELETION = new Write(null, Lookup.NEVER);

    private final byte @Nullable [] value;
    private final long expiresAtMillis;

    private Write(byte @Nullable [] value, long expiresAtMillis) {
      this.value = value;
      this.expiresAtMillis = expiresAtMillis;
    }

    /// When the value expires, in milliseconds since 1970; `Lookup.NEVER` if it does not.
    public long expiresAtMillis() {
      return expiresAtMillis;
    }

    /// The new value, not to be changed; null for a deletion.
    public byte @Nullable [] value() {
      return value;
    }
  }

  /// A savepoint: how much there was to undo.
  private record Mark(int undone, long bytes) {}

  /// Identity is all that counts.
  private static final class Handle implements Transaction.Savepoint {
    final Mark mark;

    Handle(Mark mark) {
      this.mark = mark;
    }
  }

  private static final int OPERATION_BYTES = 24; // kind, two lengths, perhaps an expiry

  private final TreeMap<byte[], Write> points = new TreeMap<>(Arrays::compareUnsigned);
  private final KeyRanges deleted = new KeyRanges();
  private final List<Runnable> undo = new ArrayList<>(0);
  private final TreeSet<byte[]> undoable = new TreeSet<>(Arrays::compareUnsigned); // since the last
  private final List<Handle> savepoints = new ArrayList<>(0);
  private long bytes;
  private int rollbacks;

  public WriteSet() {}

  public boolean isEmpty() {
    return points.isEmpty() && deleted.isEmpty();
  }

  /// Bytes that the batch will have, or more.
  public long bytes() {
    return bytes;
  }

  /// How often this went back to a savepoint: then there may be less than before.
  public int rollbacks() {
    return rollbacks;
  }

  /// So many changes can be undone, one by one.
  int undoSteps() {
    return undo.size();
  }

  /// Bytes that a write takes.
  public static long bytesOf(byte[] key, byte[] value) {
    return (long) key.length + value.length + OPERATION_BYTES;
  }

  /// Sets a value.
  ///
  /// @param expiresAtMillis when it expires, or `Lookup.NEVER`
  public void put(byte[] key, byte[] value, long expiresAtMillis) {
    set(key, new Write(value, expiresAtMillis));
  }

  public void delete(byte[] key) {
    set(key, Write.DELETION);
  }

  private void set(byte[] key, Write write) {
    Write before = points.put(key, write);
    bytes += bytesOf(key, write) - (before == null ? 0 : bytesOf(key, before));
    if (!savepoints.isEmpty() && undoable.add(key)) {
      undo.add(() -> {
        if (before == null) {
          points.remove(key);
        } else {
          points.put(key, before);
        }
      });
    }
  }

  private static long bytesOf(byte[] key, Write write) {
    return key.length + OPERATION_BYTES + (write.value == null ? 0L : write.value.length);
  }

  /// Deletes `[start, end)`, which may be empty.
  public void deleteRange(byte[] start, byte[] end) {
    if (Arrays.compareUnsigned(start, end) >= 0) {
      return;
    }
    NavigableMap<byte[], Write> inside = points.subMap(start, true, end, false);
    var before = savepoints.isEmpty() ? null : new TreeMap<>(inside);
    inside.forEach((key, write) -> bytes -= bytesOf(key, write));
    inside.clear();
    if (before == null) {
      deleted.add(start, end);
    } else {
      Runnable undoRange = deleted.addUndoably(start, end);
      undo.add(() -> {
        undoRange.run();
        points.putAll(before);
      });
    }
    bytes += bytesOf(start, end);
  }

  /// What becomes of a key; null if nothing is written there.
  public @Nullable Write find(byte[] key) {
    Write write = points.get(key);
    return write == null && deleted.contains(key) ? Write.DELETION : write;
  }

  /// What is set or deleted key by key in `[start, end)`; not to be changed.
  public SortedMap<byte[], Write> points(byte[] start, byte[] end) {
    return Collections.unmodifiableSortedMap(points.subMap(start, end));
  }

  /// The first key with a value at `from` or after it, below `end`.
  public Map.@Nullable Entry<byte[], Write> firstPut(byte[] from, boolean inclusive, byte[] end) {
    var entry = inclusive ? points.ceilingEntry(from) : points.higherEntry(from);
    while (entry != null && entry.getValue().value == null) {
      entry = points.higherEntry(entry.getKey());
    }
    return entry == null || Arrays.compareUnsigned(entry.getKey(), end) >= 0 ? null : entry;
  }

  /// The last key with a value below `to`, at `start` or after it.
  public Map.@Nullable Entry<byte[], Write> lastPut(byte[] to, byte[] start) {
    var entry = points.lowerEntry(to);
    while (entry != null && entry.getValue().value == null) {
      entry = points.lowerEntry(entry.getKey());
    }
    return entry == null || Arrays.compareUnsigned(entry.getKey(), start) < 0 ? null : entry;
  }

  /// Ranges that are deleted but for the points written since.
  public KeyRanges deleted() {
    return deleted;
  }

  /// All that is written, as what must not have changed meanwhile.
  public void addTo(ReadSet reads) {
    points.keySet().forEach(reads::add);
    deleted.forEach(reads::addRange);
  }

  /// Appends all to a batch.
  public void writeTo(BatchBuilder batch) {
    deleted.forEach((start, end) -> batch.deleteRange(start, 0, start.length, end, 0, end.length));
    points.forEach((key, write) -> {
      if (write.value == null) {
        batch.delete(key, 0, key.length);
      } else if (write.expiresAtMillis == Lookup.NEVER) {
        batch.put(key, 0, key.length, write.value, 0, write.value.length);
      } else {
        batch.putExpiring(
            key, 0, key.length, write.value, 0, write.value.length, write.expiresAtMillis);
      }
    });
  }

  public Transaction.Savepoint savepoint() {
    var savepoint = new Handle(new Mark(undo.size(), bytes));
    savepoints.add(savepoint);
    undoable.clear();
    return savepoint;
  }

  /// Takes back what was written since.
  ///
  /// @throws IllegalArgumentException if it is no savepoint of this, or not any more
  public void rollbackTo(Transaction.Savepoint savepoint) {
    int index = savepoint instanceof Handle handle ? savepoints.indexOf(handle) : -1;
    if (index < 0) {
      throw new IllegalArgumentException("no savepoint of this transaction, or not any more");
    }
    Mark mark = savepoints.get(index).mark;
    while (undo.size() > mark.undone) {
      undo.removeLast().run();
    }
    savepoints.subList(index + 1, savepoints.size()).clear();
    undoable.clear();
    bytes = mark.bytes;
    rollbacks++;
  }
}
