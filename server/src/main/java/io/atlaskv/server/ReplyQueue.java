package io.atlaskv.server;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.resp.ReplyWriter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Replies of one connection, each with its gate: the highest sequence it shows. They leave in
/// order, each when its gate is safe.
///
/// Invariants:
/// - Q1: `[sent, released)` of the buffer may leave; what follows is gated.
/// - Q2: mark `i` says where a reply ends and what its gate is; replies that were released have no
///   mark. Ends grow, gates need not. The gate of a push, which answers nothing, is kept inverted.
final class ReplyQueue {
  private static final int MARKS_FIRST = 16;
  private static final int MARKS_KEPT = 4 * 1024;

  private NativeBuffer buffer;
  private int sent;
  private int released;
  private int[] ends = new int[MARKS_FIRST];
  private long[] gates = new long[MARKS_FIRST];
  private int accountedBytes;
  private int first;
  private int count;

  ReplyQueue(NativeBuffer buffer) {
    this.buffer = buffer;
  }

  NativeBuffer buffer() {
    return buffer;
  }

  /// What the pool has counted of the buffer's memory.
  int accountedBytes() {
    return accountedBytes;
  }

  void accountedBytes(int bytes) {
    accountedBytes = bytes;
  }

  /// Takes `reply` in place of the buffer, which is empty.
  void adopt(NativeBuffer reply) {
    assert buffer.length() == 0 && count == 0 : "length=" + buffer.length() + " count=" + count;
    buffer.close();
    buffer = reply;
  }

  /// A push was appended to the buffer: a message that is no reply.
  void markPush(long gate) {
    mark(~gate);
  }

  /// A reply was appended to the buffer.
  void mark(long gate) {
    if (first + count == ends.length) {
      makeRoom();
    }
    ends[first + count] = buffer.length();
    gates[first + count] = gate;
    count++;
  }

  private void makeRoom() {
    int capacity = first > ends.length / 2 ? ends.length : 2 * ends.length;
    int[] newEnds = new int[capacity];
    long[] newGates = new long[capacity];
    System.arraycopy(ends, first, newEnds, 0, count);
    System.arraycopy(gates, first, newGates, 0, count);
    ends = newEnds;
    gates = newGates;
    first = 0;
  }

  /// Releases the replies whose gates are at most `safe`, in order.
  void release(long safe) {
    while (count > 0 && gate(gates[first]) <= safe) {
      released = ends[first];
      first++;
      count--;
    }
    if (count == 0) {
      first = 0;
    }
  }

  private static long gate(long kept) {
    return kept ^ (kept >> (Long.SIZE - 1));
  }

  /// The log has failed: every reply that is gated above `safe` becomes `error`, written by
  /// `writer`; pushes vanish.
  void fail(long safe, String error, ReplyWriter writer) {
    release(safe);
    if (count == 0) {
      return;
    }
    int start = released;
    byte[] old = new byte[buffer.length() - start];
    MemorySegment.copy(buffer.segment(), Layouts.BYTE, start, old, 0, old.length);
    int[] oldEnds = Arrays.copyOfRange(ends, first, first + count);
    long[] oldGates = Arrays.copyOfRange(gates, first, first + count);
    buffer.truncate(start);
    writer.target(buffer, writer.version());
    int at = start;
    for (int i = 0; i < oldEnds.length; i++) {
      if (gate(oldGates[i]) > safe) {
        if (oldGates[i] >= 0) {
          writer.error(error);
        }
      } else {
        buffer.put(old, at - start, oldEnds[i] - at);
      }
      at = oldEnds[i];
    }
    first = 0;
    count = 0;
    released = buffer.length();
  }

  /// True if a reply waits for its gate.
  boolean isGated() {
    return count > 0;
  }

  /// Bytes that may leave now.
  int sendable() {
    return released - sent;
  }

  int sentOffset() {
    return sent;
  }

  int releasedOffset() {
    return released;
  }

  /// All bytes not yet sent.
  int pendingBytes() {
    return buffer.length() - sent;
  }

  /// `bytes` have left; forgets them when all have.
  void sent(int bytes) {
    sent += bytes;
    if (sent == buffer.length()) {
      buffer.clear();
      sent = 0;
      released = 0;
      if (ends.length > MARKS_KEPT) {
        ends = new int[MARKS_FIRST];
        gates = new long[MARKS_FIRST];
      }
    }
  }

  /// Forgets everything.
  void clear() {
    buffer.clear();
    sent = 0;
    released = 0;
    first = 0;
    count = 0;
  }

  /// Moves what is not sent to the front when that frees at least half of the buffer.
  void compact() {
    int length = buffer.length();
    if (sent <= length / 2) {
      return;
    }
    var memory = buffer.segment();
    MemorySegment.copy(memory, sent, memory, 0, (long) length - sent);
    buffer.truncate(length - sent);
    released -= sent;
    for (int i = first; i < first + count; i++) {
      ends[i] -= sent;
    }
    sent = 0;
  }
}
