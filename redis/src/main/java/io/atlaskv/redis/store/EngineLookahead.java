package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.db.Engine;

/// A lookahead of the engine.
final class EngineLookahead implements Lookahead {
  private final Engine engine;
  private final io.atlaskv.engine.internal.db.Lookahead lookahead;

  EngineLookahead(Engine engine) {
    this.engine = engine;
    lookahead = engine.newLookahead();
  }

  io.atlaskv.engine.internal.db.Lookahead lookahead() {
    return lookahead;
  }

  @Override
  public KeyBatch rows() {
    return lookahead.keys();
  }

  @Override
  public void lookUp() {
    engine.lookAhead(lookahead);
  }

  @Override
  public void end() {
    lookahead.end();
  }
}
