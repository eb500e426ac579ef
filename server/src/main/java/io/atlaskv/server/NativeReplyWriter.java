package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.resp.Decimal;
import io.atlaskv.redis.resp.ReplyTooLargeException;
import io.atlaskv.redis.resp.ReplyWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes what commands answer as responses of the native protocol: a value or a status is OK with
/// a payload, absence is NOT_FOUND, a number is OK without one (how many keys DELETE has deleted),
/// an error is ERROR with its sentence.
///
/// The commands of the first level answer with nothing else: no arrays, no maps.
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
  public void error(String text) {
    boolean isCommon = text.startsWith(COMMON_CODE);
    text(NativeFrame.ERROR, isCommon ? text.substring(COMMON_CODE.length()) : text);
  }

  @Override
  public void integer(long value) {
    header(NativeFrame.OK, 0);
  }

  @Override
  public void bulk(MemorySegment source, long offset, int length) {
    value(length);
    buffer().put(source, offset, length);
  }

  @Override
  public void bulk(byte[] source, int offset, int length) {
    value(length);
    buffer().put(source, offset, length);
  }

  @Override
  public int reserveBulk(long length) {
    value(length);
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
  public void nullArray() {
    throw unknownForm();
  }

  @Override
  public void array(long count) {
    throw unknownForm();
  }

  @Override
  public int beginArray() {
    throw unknownForm();
  }

  @Override
  public void endPage(int mark, long count, byte @Nullable [] next) {
    throw unknownForm();
  }

  @Override
  public void map(int pairs) {
    throw unknownForm();
  }

  @Override
  public void set(int count) {
    throw unknownForm();
  }

  @Override
  public void verbatim(String text) {
    throw unknownForm();
  }

  private static IllegalStateException unknownForm() {
    return new IllegalStateException("a reply the native protocol has no form for");
  }

  /// The header of a value; clients of this level take no payload longer than the limit.
  private void value(long length) {
    if (length > NativeFrame.PAYLOAD_BYTES_MAX) {
      throw new ReplyTooLargeException(
          "value of "
              + length
              + " bytes, the limit of a payload is "
              + NativeFrame.PAYLOAD_BYTES_MAX);
    }
    header(NativeFrame.OK, (int) length);
  }

  private void text(int status, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    header(status, bytes.length);
    buffer().put(bytes, 0, bytes.length);
  }

  /// Makes room for the payload too.
  private void header(int status, int payloadBytes) {
    room(NativeFrame.HEADER_BYTES + payloadBytes);
    NativeBuffer out = buffer();
    out.putByte((byte) status);
    out.putInt(Integer.reverseBytes(payloadBytes));
  }
}
