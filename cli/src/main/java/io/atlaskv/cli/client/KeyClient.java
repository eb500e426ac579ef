package io.atlaskv.cli.client;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What `get`, `put`, `del` and `ping` need of a server, by whichever door.
interface KeyClient extends AutoCloseable {
  /// The value, or null.
  @Nullable Bytes get(Bytes key) throws IOException, RefusedException;

  void put(Bytes key, Bytes value) throws IOException, RefusedException;

  /// Deletes all of them; says how many were there if this door tells.
  OptionalLong delete(List<Bytes> keys) throws IOException, RefusedException;

  /// Returns when the server has answered.
  void ping() throws IOException, RefusedException;

  @Override
  void close() throws IOException;
}
