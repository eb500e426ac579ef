package io.atlaskv.engine.api;

/// One operation of a [ChangeBatch].
public sealed interface Change {
  /// Name of the namespace it is about.
  String namespace();

  /// A key got a value.
  ///
  /// @param expiresAtMillis when the value expires, in milliseconds since 1970; `NEVER` if it does
  ///   not. That it has expired is not told
  record Put(String namespace, Bytes key, Bytes value, long expiresAtMillis) implements Change {
    /// The time of what does not expire.
    public static final long NEVER = Long.MAX_VALUE;

    /// A value that does not expire.
    public Put(String namespace, Bytes key, Bytes value) {
      this(namespace, key, value, NEVER);
    }
  }

  /// A key was deleted, or was not there.
  record Delete(String namespace, Bytes key) implements Change {}

  /// All keys of a range were deleted.
  record DeleteRange(String namespace, Range range) implements Change {}

  /// Entries came from a [BulkLoad]. Which ones, the log does not have: scan the namespace, as of
  /// now or a snapshot from the batch's sequence on. A load that failed or was cut off by a crash
  /// at its very end may be told, too, with nothing to be found.
  record BulkLoaded(String namespace) implements Change {}

  /// A namespace was created, empty; or its options were changed.
  record NamespaceCreated(String namespace) implements Change {}

  /// A namespace was dropped with all that was in it.
  record NamespaceDropped(String namespace) implements Change {}
}
