package io.atlaskv.redis.pubsub;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Something that goes to all who listen to one name: made once, read by every loop.
///
/// A frame begins with `>` as in version 3 of the protocol; in version 2 that byte is `*`.
public final class Push {
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final int HEADERS_BYTES_MAX = 96;

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
    byte[] word = kind.messageWord().getBytes(StandardCharsets.US_ASCII);
    return new Push(kind, channel, frame(word, channel.toArray(), message.toArray()), gate);
  }

  /// A message in a channel, for those who know it by a pattern.
  static Push patternMessage(Bytes pattern, Bytes channel, Bytes message, long gate) {
    byte[] word = ChannelKind.PATTERN.messageWord().getBytes(StandardCharsets.US_ASCII);
    byte[] frame = frame(word, pattern.toArray(), channel.toArray(), message.toArray());
    return new Push(ChannelKind.PATTERN, pattern, frame, gate);
  }

  private static byte[] frame(byte[]... elements) {
    byte[][] headers = new byte[elements.length][];
    int bytes = 4;
    for (int i = 0; i < elements.length; i++) {
      headers[i] = ("$" + elements[i].length + "\r\n").getBytes(StandardCharsets.US_ASCII);
      bytes += headers[i].length + elements[i].length + LINE_END.length;
    }
    byte[] frame = new byte[bytes];
    frame[0] = '>';
    frame[1] = (byte) ('0' + elements.length);
    int at = append(frame, 2, LINE_END);
    for (int i = 0; i < elements.length; i++) {
      at = append(frame, at, headers[i]);
      at = append(frame, at, elements[i]);
      at = append(frame, at, LINE_END);
    }
    return frame;
  }

  private static int append(byte[] target, int at, byte[] source) {
    System.arraycopy(source, 0, target, at, source.length);
    return at + source.length;
  }
}
