package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A cursor of the engine, opened by its first move, which may already need blocks.
final class EngineRowCursor implements RowCursor {
  private final EngineReader reader;
  private final Engine engine;
  private final ReadContext context;
  private final long snapshot;
  private final byte[] lower;
  private final byte[] upper;
  private @Nullable EngineCursor cursor;

  EngineRowCursor(
      EngineReader reader,
      Engine engine,
      ReadContext context,
      long snapshot,
      byte[] lower,
      byte[] upper) {
    this.reader = reader;
    this.engine = engine;
    this.context = context;
    this.snapshot = snapshot;
    this.lower = lower;
    this.upper = upper;
  }

  private int move(Consumer<EngineCursor> step) {
    try {
      EngineCursor at = cursor;
      if (at == null) {
        at = engine.cursor(context, snapshot, lower, upper);
        cursor = at;
      }
      step.accept(at);
      return at.isValid() ? Reader.FOUND : Reader.ABSENT;
    } catch (NeedsBlocks _) {
      reader.missed();
      return Reader.NEEDS_BLOCKS;
    }
  }

  @Override
  public int first() {
    return move(EngineCursor::seekToFirst);
  }

  @Override
  public int last() {
    return move(EngineCursor::seekToLast);
  }

  @Override
  public int seek(byte[] key, int offset, int length) {
    return move(at -> at.seek(key, offset, length));
  }

  @Override
  public int seekForPrev(byte[] key, int offset, int length) {
    return move(at -> at.seekForPrev(key, offset, length));
  }

  @Override
  public int next() {
    return move(EngineCursor::next);
  }

  @Override
  public int prev() {
    return move(EngineCursor::prev);
  }

  private EngineCursor open() {
    return Objects.requireNonNull(cursor);
  }

  @Override
  public byte[] key() {
    return open().keyBuffer();
  }

  @Override
  public int keyLength() {
    return open().keyLength();
  }

  @Override
  public MemorySegment valueSegment() {
    return open().valueSegment();
  }

  @Override
  public long valueOffset() {
    return open().valueOffset();
  }

  @Override
  public int valueLength() {
    return open().valueLength();
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
    }
  }
}
