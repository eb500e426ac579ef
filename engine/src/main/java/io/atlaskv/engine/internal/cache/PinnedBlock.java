package io.atlaskv.engine.internal.cache;

import io.atlaskv.engine.internal.base.Pin;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reusable holder of one decoded block that stays in memory until it is let go. Either a pinned
/// cache slot, or memory of its own when the cache had no room. One thread at a time.
public final class PinnedBlock implements AutoCloseable {
  private MemorySegment segment = MemorySegment.NULL;
  private long base;
  private int length = -1;
  private @Nullable SharedPin owner;
  private long token;

  /// Whether a block is held.
  public boolean isPresent() {
    return length >= 0;
  }

  /// Memory that holds the block from `base()` on.
  public MemorySegment segment() {
    return segment;
  }

  /// Where the block starts in `segment()`.
  public long base() {
    return base;
  }

  /// Size of the block in bytes.
  public int length() {
    return length;
  }

  /// Who takes the pin back; null if no block is held.
  public @Nullable Pin owner() {
    return owner;
  }

  /// What to hand to `owner()`.
  public long token() {
    return token;
  }

  /// Lets `other` hold the same block, with a pin of its own.
  public void share(PinnedBlock other) {
    SharedPin pin = owner;
    if (pin == null) {
      throw new IllegalStateException("no block is held");
    }
    pin.pinAgain(token);
    other.hold(segment, base, length, pin, token);
  }

  /// Takes over one pin.
  void hold(
      MemorySegment blockSegment, long blockBase, int blockLength, SharedPin pin, long pinToken) {
    release();
    segment = blockSegment;
    base = blockBase;
    length = blockLength;
    owner = pin;
    token = pinToken;
  }

  /// Forgets the block without giving the pin back: somebody else has taken it over.
  public void detach() {
    segment = MemorySegment.NULL;
    base = 0;
    length = -1;
    owner = null;
    token = 0;
  }

  /// Gives the pin back; nothing happens if no block is held. The holder can be used again.
  public void release() {
    SharedPin pin = owner;
    long pinToken = token;
    detach();
    if (pin != null) {
      pin.unpin(pinToken);
    }
  }

  /// As `release`.
  @Override
  public void close() {
    release();
  }
}
