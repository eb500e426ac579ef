package io.atlaskv.engine.internal.db;

import java.util.List;

/// What a workload may do. Who implements it notes what must be true afterwards.
interface Client {
  /// Does a write; namespaces that it needs are made first.
  void write(Write write);

  /// Does a write that is durable when it returns, whatever the store's durability.
  void writeDurably(Write.Put put);

  /// Each list is done by a writer of its own, all at the same time.
  void together(List<List<Write>> writers);

  void sync();

  void flush();

  void compact();

  /// Makes a checkpoint.
  void checkpoint();

  /// Lets background work go on for so long.
  void pass(long nanos);

  /// Closes the store and opens it again.
  void reopen();

  /// Kills the process and opens the store again.
  void killAndReopen();
}
