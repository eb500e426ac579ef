package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.VisibleIterator;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// Entries of a range as of one sequence, in both directions, with full keys. One thread at a time.
///
/// With a context that must not block, any move may throw
/// [io.atlaskv.engine.internal.base.NeedsBlocks]: after `Engine.fetch` the caller seeks again.
public final class EngineCursor implements PositionedEntries, AutoCloseable {
  private final Engine engine;
  private final ReadContext context;
  private final View view;
  private final VisibleIterator entries;
  private final long snapshot;
  private final int namespaceId;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /// @param context that `entries` read with; its counts are told by `close`
  /// @param view held; let go by `close`
  /// @param snapshot registered for this cursor; released by `close`
  EngineCursor(
      Engine engine,
      ReadContext context,
      View view,
      VisibleIterator entries,
      long snapshot,
      int namespaceId) {
    this.engine = engine;
    this.context = context;
    this.view = view;
    this.entries = entries;
    this.snapshot = snapshot;
    this.namespaceId = namespaceId;
  }

  /// The namespace that it was opened for; 0 if it was for none.
  public int namespaceId() {
    return namespaceId;
  }

  /// Whether the cursor stands on an entry.
  @Override
  public boolean isValid() {
    return entries.isValid();
  }

  /// To the first entry of the range.
  @Override
  public void seekToFirst() {
    entries.seekToFirst();
  }

  /// To the last entry of the range.
  @Override
  public void seekToLast() {
    entries.seekToLast();
  }

  /// To the first entry at or after the key.
  public void seek(byte[] key, int offset, int length) {
    entries.seek(key, offset, length);
  }

  /// To the last entry at or before the key.
  public void seekForPrev(byte[] key, int offset, int length) {
    entries.seekForPrev(key, offset, length);
  }

  @Override
  public void seekAtOrAfter(byte[] key) {
    entries.seek(key, 0, key.length);
  }

  @Override
  public void seekAtOrBefore(byte[] key) {
    entries.seekForPrev(key, 0, key.length);
  }

  @Override
  public void next() {
    entries.next();
  }

  @Override
  public void prev() {
    entries.prev();
  }

  /// Array whose first `keyLength` bytes are the full key; good until the next move.
  @Override
  public byte[] keyBuffer() {
    return entries.keyBuffer();
  }

  @Override
  public int keyLength() {
    return entries.keyLength();
  }

  /// Memory that holds the value; good until the next move.
  public MemorySegment valueSegment() {
    return entries.valueSegment();
  }

  public long valueOffset() {
    return entries.valueOffset();
  }

  @Override
  public int valueLength() {
    return entries.valueLength();
  }

  /// When the value expires, in milliseconds since 1970; `Lookup.NEVER` if it does not.
  public long expiresAtMillis() {
    return entries.expiresAtMillis();
  }

  @Override
  public byte[] copyValue() {
    return ByteArrays.copyOf(valueSegment(), valueOffset(), valueLength());
  }

  @Override
  public long copyValue(MemorySegment target) {
    long copied = Math.min(valueLength(), target.byteSize());
    MemorySegment.copy(valueSegment(), valueOffset(), target, 0, copied);
    return valueLength();
  }

  @Override
  public ByteReader readValue() {
    return ByteReader.of(valueSegment(), valueOffset(), valueLength());
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      entries.close();
      context.flushCounts();
      view.release();
      engine.releaseSnapshot(snapshot);
    }
  }
}
