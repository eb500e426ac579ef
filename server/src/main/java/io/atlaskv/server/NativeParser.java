package io.atlaskv.server;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;

/// Reads frames of the native protocol as the commands they stand for: `GET key`, `SET key value`,
/// `DEL key`, `PING`.
///
/// A frame of a length that can be is a request whatever is in it: one that makes no sense is
/// answered with an error, and the next frame is read. Only of a length that cannot be, nothing
/// behind it can be understood.
final class NativeParser implements RequestReader {
  private static final MemorySegment GET = Args.name("GET");
  private static final MemorySegment SET = Args.name("SET");
  private static final MemorySegment DEL = Args.name("DEL");
  private static final MemorySegment PING = Args.name("PING");
  private static final int SHORT_PAYLOAD_BYTES_MAX = 16 * 1024;
  private static final int KEY_OFFSET = NativeFrame.HEADER_BYTES + Integer.BYTES;

  private Args args;
  private int payloadBytesMax;
  private int payloadLimit;
  private int end;
  private int missing;
  private String error = "";

  NativeParser(Args args, int valueBytesMax) {
    this.args = args;
    bulkBytesMax(valueBytesMax);
    payloadLimit = payloadBytesMax;
  }

  @Override
  public void bulkBytesMax(int bytes) {
    payloadBytesMax = Math.min(NativeFrame.PAYLOAD_BYTES_MAX, bytes);
  }

  @Override
  public void takesShortOnly(boolean isShortOnly) {
    payloadLimit = isShortOnly ? SHORT_PAYLOAD_BYTES_MAX : payloadBytesMax;
  }

  @Override
  public int end() {
    return end;
  }

  @Override
  public int missing() {
    return missing;
  }

  @Override
  public String error() {
    return error;
  }

  @Override
  public Args take(Args spare) {
    Args complete = args;
    args = spare;
    return complete;
  }

  /// Nothing to forget: a header is looked at again for each part of its frame that comes.
  @Override
  public void reset() {}

  @Override
  public int parse(MemorySegment memory, int from, int to) {
    int available = to - from;
    if (available < NativeFrame.HEADER_BYTES) {
      missing = NativeFrame.HEADER_BYTES - available;
      return INCOMPLETE;
    }
    long at = from + (long) NativeFrame.LENGTH_OFFSET;
    long payload = Integer.toUnsignedLong(memory.get(Layouts.BE_INT, at));
    if (payload > payloadLimit) {
      error = "payload of " + payload + " bytes, the limit is " + payloadLimit;
      return BROKEN;
    }
    end = NativeFrame.HEADER_BYTES + (int) payload;
    if (available < end) {
      missing = end - available;
      return INCOMPLETE;
    }
    int opcode = Byte.toUnsignedInt(memory.get(Layouts.BYTE, from));
    switch (opcode) {
      case NativeFrame.GET -> key(memory, from, GET, false);
      case NativeFrame.PUT -> key(memory, from, SET, true);
      case NativeFrame.DELETE -> key(memory, from, DEL, false);
      case NativeFrame.PING -> ping(memory, from);
      default -> args.startRefused(memory, from, "ERR unknown opcode " + opcode);
    }
    return COMPLETE;
  }

  private void ping(MemorySegment memory, int from) {
    if (end == NativeFrame.HEADER_BYTES) {
      args.startNamed(memory, from, PING);
    } else {
      args.startRefused(memory, from, "ERR PING has no payload");
    }
  }

  private void key(MemorySegment memory, int from, MemorySegment name, boolean hasValue) {
    if (end < KEY_OFFSET) {
      args.startRefused(memory, from, "ERR payload is too short for the length of a key");
      return;
    }
    int length = memory.get(Layouts.BE_INT, from + (long) NativeFrame.HEADER_BYTES);
    int rest = end - KEY_OFFSET;
    if (Integer.compareUnsigned(length, rest) > 0) {
      args.startRefused(
          memory,
          from,
          "ERR key of "
              + Integer.toUnsignedString(length)
              + " bytes in a payload with room for "
              + rest);
      return;
    }
    if (!hasValue && length < rest) {
      args.startRefused(memory, from, "ERR " + (rest - length) + " bytes follow the key");
      return;
    }
    args.startNamed(memory, from, name);
    args.add(KEY_OFFSET, length);
    if (hasValue) {
      args.add(KEY_OFFSET + length, rest - length);
    }
  }
}
