package io.atlaskv.redis.command;

/// Memory of the process at one moment, in bytes.
///
/// @param limitBytes what the process plans with
/// @param residentBytes as the kernel counts it; 0 = unknown
/// @param machineBytes memory of the machine, or of the container if that is less
/// @param startBytes used when the server began to serve
/// @param peakBytes most that was seen in use
/// @param heapUsedBytes Java heap in use, garbage that was not collected yet included
/// @param heapCommittedBytes Java heap taken from the system
/// @param heapMaxBytes most that the Java heap may become
/// @param storeBytes of the store, outside the heap
/// @param clientBytes buffers of the clients, outside the heap
public record MemoryFigures(
    long limitBytes,
    long residentBytes,
    long machineBytes,
    long startBytes,
    long peakBytes,
    long heapUsedBytes,
    long heapCommittedBytes,
    long heapMaxBytes,
    long storeBytes,
    long clientBytes) {
  /// Nothing is known.
  public static final MemoryFigures NONE = new MemoryFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /// What counts against the limit.
  public long usedBytes() {
    return heapUsedBytes + storeBytes + clientBytes;
  }
}
