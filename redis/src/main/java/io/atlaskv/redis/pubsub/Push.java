package io.atlaskv.redis.pubsub;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.resp.Decimal;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Something that goes to all who listen to one name: made once, read by every loop.
///
/// A frame begins with `>` as in version 3 of the protocol; in version 2 that byte is `*`.
public final class Push {
  private static final int HEADERS_BYTES_MAX = 96;
  private static final byte[][] HEADS = new byte[ChannelKind.COUNT][]; // of messages, by kind

  static {
    for (ChannelKind kind : ChannelKind.values()) {
      HEADS[kind.index] = kind.messageHead().getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final ChannelKind kind;
  private final Bytes name;
  private final byte[] frame;
  private final long gate;

  /// @param name what they listen to
  /// @param frame what each of them gets; not copied
  /// @param gate highest sequence that it shows: it must not leave before that is safe
  Push(ChannelKind kind, Bytes name, byte[] frame, long gate) {
    this.kind = kind;
    this.name = name;
    this.frame = frame;
    this.gate = gate;
  }

  ChannelKind kind() {
    return kind;
  }

  Bytes name() {
    return name;
  }

  public long gate() {
    return gate;
  }

  /// Bytes of the frame.
  public int length() {
    return frame.length;
  }

  /// Appends the frame to `target`, for version `protocol` (2 or 3).
  public void appendTo(NativeBuffer target, int protocol) {
    int at = target.reserve(frame.length);
    MemorySegment memory = target.segment();
    MemorySegment.copy(frame, 0, memory, Layouts.BYTE, at, frame.length);
    if (protocol == 2 && kind != ChannelKind.MONITOR) {
      memory.set(Layouts.BYTE, at, (byte) '*');
    }
  }

  /// Bytes of memory, about.
  public int bytes() {
    return frame.length + HEADERS_BYTES_MAX;
  }

  /// A message in a channel, for those who know it by its name.
  static Push message(ChannelKind kind, Bytes channel, Bytes message, long gate) {
    return new Push(kind, channel, frame(kind, channel, message), gate);
  }

  /// A message in a channel, for those who know it by a pattern.
  static Push patternMessage(Bytes pattern, Bytes channel, Bytes message, long gate) {
    byte[] frame = frame(ChannelKind.PATTERN, pattern, channel, message);
    return new Push(ChannelKind.PATTERN, pattern, frame, gate);
  }

  private static byte[] frame(ChannelKind kind, Bytes... elements) {
    byte[] head = HEADS[kind.index];
    int bytes = head.length;
    for (Bytes element : elements) {
      bytes += 1 + Decimal.length(element.length()) + 2 + element.length() + 2;
    }
    byte[] frame = Arrays.copyOf(head, bytes);
    int at = head.length;
    for (Bytes element : elements) {
      int digits = Decimal.length(element.length());
      frame[at] = '$';
      Decimal.write(element.length(), digits, frame, at + 1);
      at = endLine(frame, at + 1 + digits);
      element.copyTo(frame, at);
      at = endLine(frame, at + element.length());
    }
    return frame;
  }

  private static int endLine(byte[] frame, int at) {
    frame[at] = '\r';
    frame[at + 1] = '\n';
    return at + 2;
  }
}
