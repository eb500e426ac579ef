package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.redis.resp.Args;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NativeParserTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int VALUE_MAX = 1000;

  private final Args args = new Args();
  private final NativeParser parser = new NativeParser(args, VALUE_MAX);
  private final MemorySegment memory = Arena.ofAuto().allocate(4096);

  @Test
  void framesBecomeTheCommandsTheyStandFor() {
    assertEquals(RequestReader.COMPLETE, parse("01 00000005 00000001 6b"));
    assertEquals(List.of("GET", "k"), words());
    assertEquals(RequestReader.COMPLETE, parse("02 00000008 00000001 6b 0061ff"));
    assertEquals(List.of("SET", "k", "\0a\u00ff"), words());
    assertEquals(RequestReader.COMPLETE, parse("03 00000004 00000000"));
    assertEquals(List.of("DEL", ""), words());
    assertEquals(RequestReader.COMPLETE, parse("04 00000000"));
    assertEquals(List.of("PING"), words());
    assertEquals(5, parser.end());
  }

  @Test
  void saysHowMuchIsMissing() {
    assertEquals(RequestReader.INCOMPLETE, parse("02 0000"));
    assertEquals(2, parser.missing());
    assertEquals(RequestReader.INCOMPLETE, parse("02 000003e8 00000001 6b"));
    assertEquals(1000 - 5, parser.missing());
  }

  @Test
  void whatMeansNothingHasAnAnswerAndNoName() {
    assertEquals(RequestReader.COMPLETE, parse("7f 00000003 000000"));
    assertEquals(8, parser.end());
    assertEquals(List.of(""), words());
    assertEquals("ERR unknown opcode 127", args.refusal());
    assertEquals(RequestReader.COMPLETE, parse("04 00000000"));
    assertNull(args.refusal());
  }

  @Test
  void aLengthThatCannotBeEndsTheStream() {
    assertEquals(RequestReader.BROKEN, parse("01 000003e9"));
    assertEquals("payload of 1001 bytes, the limit is 1000", parser.error());
    assertEquals(RequestReader.BROKEN, parse("01 ffffffff"));
    assertEquals("payload of 4294967295 bytes, the limit is 1000", parser.error());
  }

  /// Whatever comes is a command, refused, broken or waited for, within the bytes given; all four
  /// happen.
  @Test
  void randomBytesNeverBreakIt() {
    var random = new Random(SEED);
    var met = new int[4];
    for (int round = 0; round < 200_000; round++) {
      var bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (random.nextInt(8) > 0 && bytes.length >= 5) { // lengths that can be
        bytes[0] = (byte) random.nextInt(6);
        ByteBuffer.wrap(bytes).putInt(1, bytes.length - 6 + random.nextInt(3));
      }
      if (random.nextInt(8) > 0 && bytes.length >= 9) {
        ByteBuffer.wrap(bytes).putInt(5, bytes.length - 11 + random.nextInt(3));
      }
      memory.fill((byte) 0x7f);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
      String where = "round " + round + ", seed " + SEED;
      switch (parser.parse(memory, 0, bytes.length)) {
        case RequestReader.COMPLETE -> {
          assertTrue(parser.end() >= 5 && parser.end() <= bytes.length, where);
          for (int i = 1; i < args.count(); i++) {
            assertTrue(args.offset(i) >= 9, where);
            assertTrue(args.offset(i) + args.length(i) <= parser.end(), where);
          }
          met[args.refusal() == null ? 0 : 1]++;
        }
        case RequestReader.INCOMPLETE -> {
          assertTrue(parser.missing() > 0, where);
          met[2]++;
        }
        default -> {
          assertNotNull(parser.error(), where);
          met[3]++;
        }
      }
    }
    for (int count : met) {
      assertTrue(count > 1_000, "hits too little: " + List.of(met[0], met[1], met[2], met[3]));
    }
  }

  private int parse(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return parser.parse(memory, 0, bytes.length);
  }

  private List<String> words() {
    return IntStream.range(0, args.count())
        .mapToObj(i -> new String(args.bytes(i), StandardCharsets.ISO_8859_1))
        .toList();
  }
}
