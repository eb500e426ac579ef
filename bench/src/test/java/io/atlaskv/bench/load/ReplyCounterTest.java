package io.atlaskv.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplyCounterTest {
  private static final String REPLIES =
      String.join(
          "\r\n",
          "+OK",
          ":42",
          "$-1",
          "$5",
          "a\r\nb\r",
          "$0",
          "",
          "*-1",
          "*0",
          "-ERR no",
          "*3",
          "+OK",
          "*2",
          "$1",
          "x",
          "-WRONG",
          ":1",
          "");

  @Test
  void countsWholeRepliesWhereverReadsAreCut() {
    byte[] bytes = REPLIES.getBytes(StandardCharsets.US_ASCII);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        var counter = new ReplyCounter();
        int replies =
            counter.take(ByteBuffer.wrap(bytes, 0, first))
                + counter.take(ByteBuffer.wrap(bytes, first, second - first))
                + counter.take(ByteBuffer.wrap(bytes, second, bytes.length - second));
        assertThat(replies).as("cut at %d and %d", first, second).isEqualTo(9);
        assertThat(counter.values()).isEqualTo(3);
        assertThat(counter.errors()).isEqualTo(2);
        assertThat(counter.firstError()).isEqualTo("ERR no");
      }
    }
  }

  @Test
  void anUnfinishedReplyIsNoReply() {
    var counter = new ReplyCounter();
    var bytes = "*2\r\n$3\r\nabc\r\n$3\r\nab".getBytes(StandardCharsets.US_ASCII);
    assertThat(counter.take(ByteBuffer.wrap(bytes))).isZero();
  }
}
