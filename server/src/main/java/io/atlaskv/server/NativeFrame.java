package io.atlaskv.server;

/// The frames of the native protocol's first level; integers are big-endian.
/// `docs/protocol/native.md` has the whole of it.
///
/// ```
/// request    opcode u8 | length u32 | payload           GET, DELETE: keyLength u32 | key
///                                                       PUT: keyLength u32 | key | value
/// response   status u8 | length u32 | payload           PING: nothing
/// ```
final class NativeFrame {
  static final int GET = 0x01;
  static final int PUT = 0x02;
  static final int DELETE = 0x03;
  static final int PING = 0x04;

  static final int OK = 0x00;
  static final int NOT_FOUND = 0x01;
  static final int ERROR = 0x02;

  static final int LENGTH_OFFSET = 1;
  static final int HEADER_BYTES = LENGTH_OFFSET + Integer.BYTES;
  static final int PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;

  private NativeFrame() {}
}
