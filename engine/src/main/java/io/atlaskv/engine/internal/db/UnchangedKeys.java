package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.Lookup;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// As [UnchangedKey], for a few keys.
public final class UnchangedKeys implements CommitCondition {
  private final Collection<byte[]> keys;
  private final long since;
  private final Lookup lookup = new Lookup();
  private byte @Nullable [] changed;

  /// @param keys full keys
  public UnchangedKeys(Collection<byte[]> keys, long since) {
    this.keys = keys;
    this.since = since;
  }

  @Override
  public boolean holds(View view) {
    if (view.version().state().flushedThrough() > since) {
      return false;
    }
    for (byte[] key : keys) {
      if (UnchangedKey.isChangedInMemory(view, key, since, lookup)) {
        changed = key;
        return false;
      }
    }
    return true;
  }

  /// The key for which it did not hold; null if it did, or if memory does not tell.
  public byte @Nullable [] changed() {
    return changed;
  }
}
