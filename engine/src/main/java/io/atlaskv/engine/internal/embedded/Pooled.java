package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.io.ThreadStripe;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps a few reusable objects for callers on any thread, virtual ones too: a cell for each group
/// of threads, taken and given back by one exchange. What finds its cell full is closed.
final class Pooled<T extends AutoCloseable> implements AutoCloseable {
  private static final int CELLS = 16;

  private final AtomicReferenceArray<@Nullable T> cells = new AtomicReferenceArray<>(CELLS);
  private final Supplier<T> factory;
  private volatile boolean isClosed;

  Pooled(Supplier<T> factory) {
    this.factory = factory;
  }

  T take() {
    T kept = cells.getAndSet(ThreadStripe.of(CELLS), null);
    return kept != null ? kept : factory.get();
  }

  void give(T used) {
    int cell = ThreadStripe.of(CELLS);
    if (isClosed || !cells.compareAndSet(cell, null, used)) {
      closeQuietly(used);
    } else if (isClosed) {
      empty(cell);
    }
  }

  private void empty(int cell) {
    T kept = cells.getAndSet(cell, null);
    if (kept != null) {
      closeQuietly(kept);
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("pooled objects throw nothing checked", e);
    }
  }

  @Override
  public void close() {
    isClosed = true;
    for (int i = 0; i < CELLS; i++) {
      empty(i);
    }
  }
}
