package io.atlaskv.engine.internal.db;

import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/// Counts of what is done in each namespace that somebody wants to know of: made by one thread at a
/// time, read by any. To count is to add in memory of one's own, without an atomic operation: what
/// follows, be it the return to a pool or the end of a lock, makes it visible.
///
/// What was not begun is counted for nobody: a server has a new namespace for each database that
/// was flushed, and nothing is to be kept of the old ones.
public final class Tally {
  /// Counts of one namespace.
  public static final class Counts {
    private long operations;
    private long hits;
    private long bytes;

    /// Reads of a key, or writes.
    public long operations() {
      return operations;
    }

    /// Reads that found a value.
    public long hits() {
      return hits;
    }

    /// Bytes of what was found or written.
    public long bytes() {
      return bytes;
    }
  }

  private final Map<Integer, Counts> counts = new ConcurrentHashMap<>();
  private final Counts nobody = new Counts();
  private int lastNamespace; // 0 is never begun
  private Counts last = nobody;

  /// Counts for a namespace from now on, to be told before anything is done there.
  public void begin(int namespace) {
    counts.putIfAbsent(namespace, new Counts());
  }

  /// Counts a read of one key.
  ///
  /// @param bytes of its value, −1 if there is none
  public void read(int namespace, int bytes) {
    Counts of = of(namespace);
    of.operations++;
    if (bytes >= 0) {
      of.hits++;
      of.bytes += bytes;
    }
  }

  /// Counts a write.
  void write(int namespace, int bytes) {
    Counts of = of(namespace);
    of.operations++;
    of.bytes += bytes;
  }

  private Counts of(int namespace) {
    if (namespace != lastNamespace) {
      lastNamespace = namespace;
      last = counts.getOrDefault(namespace, nobody);
    }
    return last;
  }

  /// A count of one namespace, as of now.
  public long value(int namespace, ToLongFunction<Counts> count) {
    VarHandle.acquireFence();
    Counts of = counts.get(namespace);
    return of == null ? 0 : count.applyAsLong(of);
  }

  /// Counts what another one has, which counts no more.
  public void addAll(Tally other) {
    VarHandle.acquireFence();
    other.counts.forEach((namespace, of) -> {
      Counts own = counts.getOrDefault(namespace, nobody);
      own.operations += of.operations;
      own.hits += of.hits;
      own.bytes += of.bytes;
    });
  }

  /// An empty one for the same namespaces.
  public Tally sibling() {
    var sibling = new Tally();
    counts.keySet().forEach(sibling::begin);
    return sibling;
  }

  /// Forgets a namespace that is no more; who is counting there counts on for nobody.
  public void forget(int namespace) {
    counts.remove(namespace);
  }
}
