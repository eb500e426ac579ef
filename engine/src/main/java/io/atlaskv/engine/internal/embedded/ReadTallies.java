package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.db.Tally;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/// The reads of all namespaces: a tally for each reader there is, and one of those that were. Any
/// thread.
final class ReadTallies {
  private final Set<Tally> open = new HashSet<>(); // guarded by this
  private final Tally ended = new Tally(); // guarded by this

  /// The tally of a new reader.
  synchronized Tally begin() {
    Tally tally = ended.sibling();
    open.add(tally);
    return tally;
  }

  /// A reader is given up.
  synchronized void end(Tally tally) {
    if (open.remove(tally)) {
      ended.addAll(tally);
    }
  }

  /// Counts for a namespace from now on, to be told before it is read.
  synchronized void begin(int namespace) {
    ended.begin(namespace);
    open.forEach(tally -> tally.begin(namespace));
  }

  /// A count of one namespace.
  synchronized long value(int namespace, ToLongFunction<Tally.Counts> count) {
    long sum = ended.value(namespace, count);
    for (Tally tally : open) {
      sum += tally.value(namespace, count);
    }
    return sum;
  }

  /// Forgets a namespace that is no more.
  synchronized void forget(int namespace) {
    ended.forget(namespace);
    open.forEach(tally -> tally.forget(namespace));
  }
}
