package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.PositionedEntries;
import io.atlaskv.engine.internal.transaction.ReadSet;
import io.atlaskv.engine.internal.transaction.WriteSet;
import io.atlaskv.engine.internal.transaction.WriteSet.Write;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The entries of a range as a transaction sees them: those of the store, in the place of which
/// come its own writes. These may change while it stands anywhere; it goes on from its key.
///
/// It also tells which part of the range has been looked at: from where a seek or a turn began to
/// where it stands now, all keys between that are not there included.
///
/// Invariants, while it is valid and nothing was written since the last move:
/// - E1: on a row of the store, `rows` stands there.
/// - E2: on an own write, `rows` stands on the nearest row in the direction of the last move that
///   is behind it and neither deleted nor overwritten, or nowhere if there is none.
final class MergedEntries implements PositionedEntries {
  private final EngineCursor rows;
  private final WriteSet writes;
  private final byte[] lower;
  private final byte[] upper;
  private final BiConsumer<byte[], byte[]> onScanned;

  private boolean isValid;
  private boolean isUp = true; // direction of the last move
  private byte @Nullable [] ownKey; // of the own write it stands on; null on a row
  private byte @Nullable [] ownValue;
  private int rollbacks; // of the writes at the last move
  private byte @Nullable [] scannedFrom; // inclusive going up, exclusive going down; null if told

  /// @param rows of `[lower, upper)`, stands nowhere
  /// @param onScanned gets parts of the range that were looked at
  MergedEntries(
      EngineCursor rows,
      WriteSet writes,
      byte[] lower,
      byte[] upper,
      BiConsumer<byte[], byte[]> onScanned) {
    this.rows = rows;
    this.writes = writes;
    this.lower = lower;
    this.upper = upper;
    this.onScanned = onScanned;
  }

  @Override
  public boolean isValid() {
    return isValid;
  }

  @Override
  public void seekToFirst() {
    seekAtOrAfter(lower);
  }

  @Override
  public void seekToLast() {
    seekBefore(upper);
  }

  @Override
  public void seekAtOrAfter(byte[] key) {
    byte[] target = Arrays.compareUnsigned(key, lower) < 0 ? lower : key;
    begin(true, target);
    rows.seek(target, 0, target.length);
    findUp(target, true);
  }

  @Override
  public void seekAtOrBefore(byte[] key) {
    seekBefore(ReadSet.successor(key));
  }

  private void seekBefore(byte[] end) {
    byte[] target = Arrays.compareUnsigned(end, upper) > 0 ? upper : end;
    begin(false, target);
    toRowBefore(target);
    findDown(target);
  }

  @Override
  public void next() {
    if (isUp && ownKey == null && writes.isEmpty()) {
      rows.next();
      isValid = rows.isValid();
      return;
    }
    byte[] from = key();
    if (!isUp) {
      begin(true, from);
      toRowAfter(from);
    } else if (rollbacks != writes.rollbacks()) {
      toRowAfter(from);
    } else if (ownKey == null) {
      rows.next();
    }
    findUp(from, false);
  }

  @Override
  public void prev() {
    byte[] to = key();
    if (isUp) {
      begin(false, ReadSet.successor(to));
      toRowBefore(to);
    } else if (rollbacks != writes.rollbacks()) {
      toRowBefore(to);
    } else if (ownKey == null) {
      rows.prev();
    }
    findDown(to);
  }

  /// Begins a part of the range that will be looked at.
  private void begin(boolean isGoingUp, byte[] from) {
    noteScanned();
    scannedFrom = from;
    isUp = isGoingUp;
    isValid = false; // until the move has succeeded
  }

  /// Tells what was looked at since the last seek or turn, or since this was told.
  void noteScanned() {
    byte[] from = scannedFrom;
    if (from == null) {
      return;
    }
    if (isUp) {
      onScanned.accept(from, isValid ? ReadSet.successor(key()) : upper);
    } else {
      onScanned.accept(isValid ? key() : lower, from);
    }
  }

  private void toRowAfter(byte[] key) {
    rows.seek(key, 0, key.length);
    if (rows.isValid() && compareRow(key) == 0) {
      rows.next();
    }
  }

  private void toRowBefore(byte[] key) {
    rows.seekForPrev(key, 0, key.length);
    if (rows.isValid() && compareRow(key) == 0) {
      rows.prev();
    }
  }

  private int compareRow(byte[] key) {
    return KeyBytes.compare(rows.keyBuffer(), 0, rows.keyLength(), key, 0, key.length);
  }

  /// Goes on to the first entry from `from` on; rows before it have been passed.
  private void findUp(byte[] from, boolean isInclusive) {
    rollbacks = writes.rollbacks();
    while (rows.isValid() && !writes.isEmpty()) {
      byte[] row = rowKey();
      byte[] deletedEnd = writes.deleted().endAround(row);
      if (deletedEnd != null) {
        rows.seek(deletedEnd, 0, deletedEnd.length);
      } else if (writes.find(row) != null) {
        rows.next();
      } else {
        break;
      }
    }
    var own = writes.firstPut(from, isInclusive, upper);
    stand(own, own != null && rows.isValid() && compareRow(own.getKey()) < 0);
  }

  /// Goes on to the last entry before `to`; rows from there on have been passed.
  private void findDown(byte[] to) {
    rollbacks = writes.rollbacks();
    while (rows.isValid() && !writes.isEmpty()) {
      byte[] row = rowKey();
      byte[] deletedStart = writes.deleted().startAround(row);
      if (deletedStart != null) {
        toRowBefore(deletedStart);
      } else if (writes.find(row) != null) {
        rows.prev();
      } else {
        break;
      }
    }
    var own = writes.lastPut(to, lower);
    stand(own, own != null && rows.isValid() && compareRow(own.getKey()) > 0);
  }

  private void stand(Map.@Nullable Entry<byte[], Write> own, boolean isRowNearer) {
    if (own == null || isRowNearer) {
      ownKey = null;
      ownValue = null;
      isValid = rows.isValid();
    } else {
      ownKey = own.getKey();
      ownValue = own.getValue().value();
      isValid = true;
    }
  }

  private byte[] rowKey() {
    return Arrays.copyOf(rows.keyBuffer(), rows.keyLength());
  }

  private byte[] key() {
    return ownKey != null ? ownKey : rowKey();
  }

  @Override
  public byte[] keyBuffer() {
    return ownKey != null ? ownKey : rows.keyBuffer();
  }

  @Override
  public int keyLength() {
    return ownKey != null ? ownKey.length : rows.keyLength();
  }

  @Override
  public int valueLength() {
    return ownValue != null ? ownValue.length : rows.valueLength();
  }

  @Override
  public byte[] copyValue() {
    return ownValue != null ? ownValue.clone() : rows.copyValue();
  }

  @Override
  public long copyValue(MemorySegment target) {
    return ownValue != null ? ByteArrays.copy(ownValue, target) : rows.copyValue(target);
  }

  @Override
  public ByteReader readValue() {
    return ownValue != null ? ByteReader.of(ownValue, 0, ownValue.length) : rows.readValue();
  }
}
