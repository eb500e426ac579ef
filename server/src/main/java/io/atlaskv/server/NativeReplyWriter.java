package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.resp.Decimal;
import io.atlaskv.redis.resp.ReplyTooLargeException;
import io.atlaskv.redis.resp.ReplyWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Writes what commands answer as responses of the native protocol: a value or a status is OK with
/// a payload, absence is NOT_FOUND, a number is OK without one (how many keys DELETE has deleted),
/// an error is ERROR with its sentence.
///
/// The commands of the first level answer with nothing else: no arrays, no maps. What would leave
/// as RESP fails.
final class NativeReplyWriter extends ReplyWriter {
  private static final String COMMON_CODE = "ERR ";

  NativeReplyWriter(NativeBuffer out) {
    super(out);
  }

  @Override
  public void ok() {
    header(NativeFrame.OK, 0);
  }

  @Override
  public void simple(String text) {
    text(NativeFrame.OK, text);
  }

  /// The code word that stands for no code is left out.
  @Override
  protected void errorLine(String text) {
    boolean isCommon = text.startsWith(COMMON_CODE);
    text(NativeFrame.ERROR, isCommon ? text.substring(COMMON_CODE.length()) : text);
  }

  @Override
  public void integer(long value) {
    header(NativeFrame.OK, 0);
  }

  @Override
  public void bulk(MemorySegment source, long offset, int length) {
    header(NativeFrame.OK, length);
    buffer().put(source, offset, length);
  }

  @Override
  public void bulk(byte[] source, int offset, int length) {
    header(NativeFrame.OK, length);
    buffer().put(source, offset, length);
  }

  @Override
  public int reserveBulk(long length) {
    header(NativeFrame.OK, length);
    return buffer().reserve((int) length);
  }

  @Override
  public void bulkNumber(long value) {
    int length = Decimal.length(value);
    header(NativeFrame.OK, length);
    int at = buffer().reserve(length);
    Decimal.write(value, length, buffer().segment(), at);
  }

  @Override
  public void nullValue() {
    header(NativeFrame.NOT_FOUND, 0);
  }

  @Override
  public int beginArray() {
    throw unknownForm();
  }

  @Override
  protected void header(char type, long value) {
    throw unknownForm();
  }

  @Override
  protected void line(char type, String text) {
    throw unknownForm();
  }

  @Override
  protected void word(long word, int bytes) {
    throw unknownForm();
  }

  private static IllegalStateException unknownForm() {
    return new IllegalStateException("a reply the native protocol has no form for");
  }

  /// Each character is a byte, as in `line`.
  private void text(int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    header(status, bytes.length);
    buffer().put(bytes, 0, bytes.length);
  }

  /// Makes room for the payload too, which must not be longer than clients of this level take.
  private void header(int status, long payloadBytes) {
    if (payloadBytes > NativeFrame.PAYLOAD_BYTES_MAX) {
      throw new ReplyTooLargeException(
          "value of "
              + payloadBytes
              + " bytes, the limit of a payload is "
              + NativeFrame.PAYLOAD_BYTES_MAX);
    }
    room(NativeFrame.HEADER_BYTES + (int) payloadBytes);
    NativeBuffer out = buffer();
    out.putByte((byte) status);
    out.putInt(Integer.reverseBytes((int) payloadBytes));
  }
}
