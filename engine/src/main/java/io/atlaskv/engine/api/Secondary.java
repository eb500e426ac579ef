package io.atlaskv.engine.api;

/// A store that another process writes, read at moments of its life; opened by
/// `AtlasKv.openSecondary`. Thread-safe.
public interface Secondary extends AutoCloseable {
  /// The store as of the last `catchUp`, or of the open; refuses all writes. It stays open until
  /// the `catchUp` after the next one, or `close`: who asks anew for each piece of work meets no
  /// [ClosedException].
  Db db();

  /// Goes on to what the writer has handed to the operating system by now: `db` is another one
  /// afterwards. Costs about what opening the store does.
  ///
  /// @return whether there is anything new
  /// @throws AtlasException if that failed; `db` is the one before
  boolean catchUp();

  /// Closes what `db` has answered.
  @Override
  void close();
}
