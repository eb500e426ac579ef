package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.KeyBatch;

/// Rows that the next commands will read, looked up together: a matter of speed only, readers say
/// the same without. Fill `rows`, call `lookUp`, read through `Reader.get`, call `end`; between
/// `lookUp` and `end` nothing may wait.
public interface Lookahead {
  /// The rows' keys.
  KeyBatch rows();

  /// Looks them up, as far as that needs no disk.
  void lookUp();

  /// Gives back what is held and forgets the rows.
  void end();
}
