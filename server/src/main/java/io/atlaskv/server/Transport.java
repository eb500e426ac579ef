package io.atlaskv.server;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The bytes of one connection: a socket, TLS over one, or a simulated one. Never blocks.
interface Transport {
  /// Reads what is there: bytes read, 0 if nothing is there, -1 at the end.
  int read(ByteBuffer target) throws IOException;

  /// Writes what fits; returns how much that was.
  int write(ByteBuffer source) throws IOException;

  /// Which events are to be reported.
  void interest(boolean inReading, boolean inWriting);

  /// Closes it; closing again does nothing.
  void close();

  String remoteAddress();

  String localAddress();
}
