package io.atlaskv.redis.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "*, abc, true",
    "a*, abc, true",
    "a*c, abc, true",
    "a*b, abc, false",
    "*b*, abc, true",
    "a?c, abc, true",
    "a?c, ac, false",
    "'', '', true",
    "'', a, false",
    "a, '', false",
    "[abc], b, true",
    "[abc], d, false",
    "[a-c]x, bx, true",
    "[c-a]x, bx, true",
    "[^a-c], d, true",
    "[^a-c], b, false",
    "[a\\]b], ], true",
    "[abc, a, true",
    "\\*, *, true",
    "\\*, a, false",
    "h[^]llo, hello, true",
    "a*b*c, aXbXbXc, true",
    "**a**, xax, true"
  })
  void matchesAsRedisDoes(String pattern, String text, boolean isMatch) {
    assertEquals(isMatch, matches(pattern, text));
  }

  @Test
  void manyStarsTakePolynomialTime() {
    String pattern = "a*".repeat(60) + "b";
    String text = "a".repeat(20_000);
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertFalse(matches(pattern, text)));
  }

  private static boolean matches(String pattern, String text) {
    byte[] bytes = ("<" + text + ">").getBytes(ISO_8859_1); // a slice, not a whole array
    return new Glob(pattern.getBytes(ISO_8859_1)).matches(bytes, 1, text.length());
  }
}
