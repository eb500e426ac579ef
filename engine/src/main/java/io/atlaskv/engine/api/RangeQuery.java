package io.atlaskv.engine.api;

import java.util.function.Consumer;
import java.util.stream.Stream;

/// A range read that is being described; nothing is read before [#open], [#stream] or [#forEach].
public interface RangeQuery {

  /// From the largest key down.
  RangeQuery reverse();

  /// At most this many entries, at least 0.
  RangeQuery limit(long entriesMax);

  /// A cursor on the first entry of the range, in the query's direction; not valid when the range
  /// is empty. Must be closed.
  Cursor open();

  /// The entries as a stream, as of now. Read to its end it closes itself; one that may be left
  /// before must be closed.
  Stream<Entry> stream();

  /// Calls `action` for each entry.
  void forEach(Consumer<Entry> action);
}
