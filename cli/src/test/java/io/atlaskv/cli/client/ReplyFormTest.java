package io.atlaskv.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplyFormTest {
  private static final Reply BINARY = new Reply.Bulk(Bytes.of(new byte[] {'a', 0, (byte) 0xff}));

  @Test
  void peopleSeeTypesAsRedisCliShowsThem() {
    assertThat(people(new Reply.Status("OK"))).isEqualTo("OK\n");
    assertThat(people(new Reply.Failure("ERR no"))).isEqualTo("(error) ERR no\n");
    assertThat(people(new Reply.Int(-7))).isEqualTo("(integer) -7\n");
    assertThat(people(new Reply.Nil())).isEqualTo("(nil)\n");
    assertThat(people(bulk("a \"b\"\n"))).isEqualTo("\"a \\\"b\\\"\\n\"\n");
    assertThat(people(BINARY)).isEqualTo("\"a\\x00\\xff\"\n");
    assertThat(people(many())).isEqualTo("(empty array)\n");
    assertThat(people(new Reply.Decimal("1.5"))).isEqualTo("(double) 1.5\n");
    assertThat(people(new Reply.Bool(true))).isEqualTo("(true)\n");
  }

  @Test
  void nestedArraysAreIndented() {
    assertThat(people(many(bulk("a"), many(bulk("b"), many(new Reply.Int(1))), bulk("c"))))
        .isEqualTo(
            """
            1) "a"
            2) 1) "b"
               2) 1) (integer) 1
            3) "c"
            """);
    Reply[] eleven = Stream.generate(() -> bulk("x")).limit(11).toArray(Reply[]::new);
    assertThat(people(many(eleven))).startsWith(" 1) \"x\"\n").endsWith("\n11) \"x\"\n");
  }

  @Test
  void mapsShowKeysAndValues() {
    assertThat(people(pairs(bulk("a"), new Reply.Int(1), bulk("b"), many(bulk("c"), bulk("d")))))
        .isEqualTo(
            """
            1# "a" => (integer) 1
            2# "b" => 1) "c"
               2) "d"
            """);
  }

  @Test
  void rawIsBytesAndLines() {
    assertThat(ReplyForm.RAW.print(BINARY)).containsExactly('a', 0, 0xff, '\n');
    assertThat(raw(many(bulk("a"), new Reply.Nil(), many(new Reply.Int(1), bulk("b")))))
        .isEqualTo("a\n\n1\nb\n");
    assertThat(raw(new Reply.Failure("ERR no"))).isEqualTo("ERR no\n");
  }

  @Test
  void jsonIsWellFormedWhateverIsInIt() {
    assertThat(json(bulk("a\"\\\n\r\t\u0001ü"))).isEqualTo("\"a\\\"\\\\\\n\\r\\t\\u0001ü\"\n");
    assertThat(json(BINARY)).isEqualTo("{\"base64\":\"YQD/\"}\n");
    assertThat(json(new Reply.Failure("ERR no"))).isEqualTo("{\"error\":\"ERR no\"}\n");
    assertThat(json(many(new Reply.Int(1), new Reply.Nil(), many(), new Reply.Bool(false))))
        .isEqualTo("[1,null,[],false]\n");
    assertThat(json(pairs(bulk("a"), new Reply.Int(1)))).isEqualTo("{\"a\":1}\n");
    assertThat(json(pairs(BINARY, new Reply.Int(1)))).isEqualTo("[[{\"base64\":\"YQD/\"},1]]\n");
    assertThat(json(many(new Reply.Decimal("1.5"), new Reply.Decimal("inf"))))
        .isEqualTo("[1.5,\"inf\"]\n");
  }

  private static Reply bulk(String text) {
    return new Reply.Bulk(Bytes.of(text));
  }

  private static Reply many(Reply... elements) {
    return new Reply.Many(List.of(elements), false);
  }

  private static Reply pairs(Reply... elements) {
    return new Reply.Pairs(List.of(elements));
  }

  private static String people(Reply reply) {
    return new String(ReplyForm.PEOPLE.print(reply), StandardCharsets.UTF_8);
  }

  private static String raw(Reply reply) {
    return new String(ReplyForm.RAW.print(reply), StandardCharsets.UTF_8);
  }

  private static String json(Reply reply) {
    return new String(ReplyForm.JSON.print(reply), StandardCharsets.UTF_8);
  }
}
