package io.atlaskv.server;

/// What clients may use, derived from the memory limit of the process.
///
/// @param bulkBytesMax longest argument (`proto-max-bulk-len`, too)
/// @param inputBytesMax most bytes of one request (`client-query-buffer-limit`)
/// @param replyPauseBytes from so many unsent bytes on no further command of a connection is run,
///   until half of them are sent: a slow reader stops itself, it is not closed
/// @param replyBytesMax most unsent bytes of one connection; a single reply that does not fit is
///   answered with an error
/// @param buffersBytesMax most bytes of all buffers of all connections; who asks for more is closed
record Limits(
    int bulkBytesMax,
    int inputBytesMax,
    int replyPauseBytes,
    int replyBytesMax,
    long buffersBytesMax) {
  private static final int MIB = 1024 * 1024;
  private static final int BULK_BYTES_MAX = 512 * MIB;

  /// From so many bytes of messages under way between loops on, publishers wait.
  long pushBytesMax() {
    return replyPauseBytes;
  }

  /// Most bytes of buffers that a loop keeps for reuse: of a memory limit of 512 MiB enough for 512
  /// connections at once, of the default on a machine of 24 GiB for 6,000.
  long buffersKeptBytesMax() {
    return Math.max(4L * MIB, buffersBytesMax / 32);
  }

  /// @param batchBytesMax most bytes that the store takes at once
  static Limits of(long memoryLimitBytes, long batchBytesMax) {
    long heads = MIB + batchBytesMax / 128; // keys, headers, and those of fragments
    long batch = Math.max(MIB, batchBytesMax - heads);
    int bulk = (int) Math.min(Math.min(BULK_BYTES_MAX, batch), memoryLimitBytes / 8);
    int whole = (int) Math.min(1024L * MIB, memoryLimitBytes / 4);
    int pause = (int) Math.max(MIB, Math.min(16L * MIB, memoryLimitBytes / 64));
    return new Limits(bulk, whole, pause, whole, memoryLimitBytes / 2);
  }
}
