package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.resp.ReplyTooLargeException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class NativeReplyWriterTest {
  private static final int LIMIT = 20 * 1024 * 1024;

  private final NativeBuffer out = new NativeBuffer(64, LIMIT);
  private final NativeReplyWriter writer = new NativeReplyWriter(out);

  @Test
  void everyReplyOfTheCommandsHasAForm() {
    writer.ok();
    writer.simple("PONG");
    writer.nullValue();
    writer.integer(0);
    writer.integer(7);
    writer.bulkNumber(-12);
    writer.bulk("v".getBytes(StandardCharsets.UTF_8), 0, 1);
    writer.error("ERR a sentence");
    writer.error("WRONGTYPE a sentence");
    assertEquals(
        "0000000000"
            + "0000000004504f4e47"
            + "0100000000"
            + "0000000000"
            + "0000000000"
            + "00000000032d3132"
            + "000000000176"
            + "020000000a612073656e74656e6365"
            + "020000001457524f4e475459504520612073656e74656e6365",
        hex(0, out.length()));
  }

  @Test
  void aValueLargerThanAPayloadIsRefusedAndTheLargestIsSent() {
    var value = new byte[NativeFrame.PAYLOAD_BYTES_MAX + 1];
    writer.bulk(value, 0, value.length - 1);
    assertEquals("0001000000", hex(0, 5));
    out.clear();
    assertThrows(ReplyTooLargeException.class, () -> writer.bulk(value, 0, value.length));
    assertThrows(ReplyTooLargeException.class, () -> writer.reserveBulk(value.length));
    assertEquals(0, out.length());
    assertEquals(5, writer.reserveBulk(3));
    assertEquals("0000000003", hex(0, 5));
    assertEquals(8, out.length());
  }

  @Test
  void anErrorIsRememberedAndKeepsItsUtf8() {
    writer.error(Errors.oneLine("MISCONF Verzeichnis für Daten"));
    assertEquals("MISCONF Verzeichnis für Daten", utf8(writer.takeError()));
    var sentence = new byte[out.length() - 5];
    out.view(5, out.length()).get(sentence);
    assertEquals("MISCONF Verzeichnis für Daten", new String(sentence, StandardCharsets.UTF_8));
  }

  /// What characters that stand for a byte each say.
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Test
  void aReplyIsWholeOrNotThere() {
    var value = new byte[NativeFrame.PAYLOAD_BYTES_MAX];
    writer.bulk(value, 0, value.length);
    int length = out.length();
    assertThrows(ReplyTooLargeException.class, () -> writer.bulk(value, 0, value.length));
    assertEquals(length, out.length());
  }

  @Test
  void whatHasNoFormFailsLoudly() {
    assertThrows(IllegalStateException.class, () -> writer.array(1));
    assertThrows(IllegalStateException.class, () -> writer.map(1));
    assertThrows(IllegalStateException.class, () -> writer.set(1));
    assertThrows(IllegalStateException.class, writer::nullArray);
    assertThrows(IllegalStateException.class, () -> writer.endPage(0, 1, null));
    assertThrows(IllegalStateException.class, writer::beginArray);
  }

  private String hex(int from, int to) {
    var bytes = new byte[to - from];
    out.view(from, to).get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
