package io.atlaskv.server;

/// Whether a door beside the Redis one is open, and where.
///
/// @param number port to listen on; 0 = a free one; less than 0 = the door is closed
/// @param isOptional whether the server starts without it when the port is taken
record DoorPort(int number, boolean isOptional) {
  static final DoorPort CLOSED = new DoorPort(-1, true);

  /// Someone has asked for it: no door, no start.
  static DoorPort required(int number) {
    return new DoorPort(number, false);
  }

  /// Nobody has asked: what a start without a port of its own opens.
  static DoorPort optional(int number) {
    return new DoorPort(number, true);
  }

  boolean isOpen() {
    return number >= 0;
  }
}
