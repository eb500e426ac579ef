package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.KeyDraw;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/// Reads of the engine.
final class EngineReader implements Reader {
  private final Engine engine;
  private final ReadContext context;
  private long snapshot = Engine.LATEST;
  private boolean hasNeeds;

  EngineReader(Engine engine, ReadContext.Mode mode) {
    this.engine = engine;
    context = engine.newReadContext(mode);
  }

  @Override
  public int get(byte[] key, int offset, int length, Lookup out) {
    return answer(
        snapshot == Engine.LATEST
            ? engine.get(context, key, offset, length, out)
            : engine.get(context, snapshot, key, offset, length, out));
  }

  @Override
  public int get(Lookahead lookahead, int row, Lookup out) {
    if (snapshot != Engine.LATEST) {
      KeyBatch rows = lookahead.rows();
      return get(rows.bytes(), KeyBatch.start(row), rows.length(row), out);
    }
    return answer(engine.get(context, ((EngineLookahead) lookahead).lookahead(), row, out));
  }

  private int answer(int answer) {
    if (answer == Engine.NEEDS_BLOCKS) {
      hasNeeds = true;
      return NEEDS_BLOCKS;
    }
    return answer == Lookup.FOUND ? FOUND : ABSENT;
  }

  @Override
  public RowCursor cursor(byte[] lower, byte[] upper) {
    return new EngineRowCursor(this, engine, context, snapshot, lower, upper);
  }

  @Override
  public int draw(byte[] lower, byte[] upper, int drawsMax, DrawnKey out, BooleanSupplier isLast) {
    var random = ThreadLocalRandom.current();
    try (KeyDraw draw = engine.keyDraw(lower, upper)) {
      for (int tries = 0; tries < drawsMax; tries++) {
        // Not the next of a series: a draw that misses goes on along its own, into the next ones'.
        if (draw.draw(context, random.nextLong(), out) && isLast.getAsBoolean()) {
          return FOUND;
        }
      }
      return ABSENT;
    } catch (NeedsBlocks _) {
      missed();
      return NEEDS_BLOCKS;
    }
  }

  void missed() {
    hasNeeds = true;
  }

  @Override
  public void holdSnapshot() {
    if (snapshot == Engine.LATEST) {
      snapshot = engine.acquireSnapshot();
    }
  }

  @Override
  public void releaseSnapshot() {
    if (snapshot != Engine.LATEST) {
      engine.releaseSnapshot(snapshot);
      snapshot = Engine.LATEST;
    }
  }

  /// A failure of the fetch is not told here: the command will read the same block itself, on a
  /// worker, and answer with it.
  @Override
  public void fetch(Runnable whenDone) {
    engine.fetch(context, whenDone, _ -> whenDone.run());
  }

  @Override
  public void reset() {
    releaseSnapshot();
    if (hasNeeds || context.isBlocking()) {
      hasNeeds = false;
      context.reset();
    }
  }
}
