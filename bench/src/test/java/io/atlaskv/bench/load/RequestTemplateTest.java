package io.atlaskv.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequestTemplateTest {
  private final SplittableRandom random = new SplittableRandom(42);

  @Test
  void encodesEachCommandOfARequest() {
    var template = RequestTemplate.parse("MULTI ; SET k {value} ; EXEC", 10, 3);
    assertThat(template.replies()).isEqualTo(3);
    assertThat(text(template.buffer(1)))
        .isEqualTo(
            "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nxxx\r\n*1\r\n$4\r\nEXEC\r\n");
  }

  @Test
  void drawsEveryPlaceOfEveryRequestOfAPipeline() {
    var template = RequestTemplate.parse("SETBIT k:{key} {10-19} {next}", 3, 1);
    var buffer = template.buffer(2);
    var keys = new HashSet<String>();
    for (int pair = 0; pair < 50; pair++) {
      template.draw(buffer, random);
      var words = text(buffer).split("\r\n", -1);
      for (int request = 0; request < 2; request++) {
        keys.add(words[9 * request + 4]);
        assertThat(Integer.parseInt(words[9 * request + 6])).isBetween(10, 19);
        assertThat(words[9 * request + 8]).isEqualTo("%012d".formatted(2 * pair + request));
      }
    }
    assertThat(keys)
        .containsExactlyInAnyOrder("k:000000000000", "k:000000000001", "k:000000000002");
  }

  @Test
  void aRangeOfDifferentWidthsIsRefused() {
    assertThatThrownBy(() -> RequestTemplate.parse("SETBIT k {1-10} 1", 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String text(ByteBuffer buffer) {
    return StandardCharsets.US_ASCII.decode(buffer.duplicate()).toString();
  }
}
