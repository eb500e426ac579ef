package io.atlaskv.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.redis.resp.Args;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int BULK_MAX = 1024 * 1024;
  private static final String PIPELINE =
      "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$5\r\na\r\nb\0\r\n"
          + "PING\r\n"
          + "*1\r\n$4\r\nPING\r\n"
          + "set k \"a \\\"b\\x41\\n\" 'it''s'\r\n".replace("''", "\\'")
          + "*0\r\n*-1\r\n\r\n"
          + "*2\r\n$0\r\n\r\n$12\r\n$3\r\n*1\r\nx\r\ny\r\n"
          + "get k\n";
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("SET", "key:000000000001", "a\r\nb\0"),
          List.of("PING"),
          List.of("PING"),
          List.of("set", "k", "a \"bA\n", "it's"),
          List.of(),
          List.of(),
          List.of(),
          List.of("", "$3\r\n*1\r\nx\r\ny"),
          List.of("get", "k"));

  private final Args args = new Args();
  private final RequestParser parser = new RequestParser(args, BULK_MAX);
  private final MemorySegment memory = Arena.ofAuto().allocate(128 * 1024 + Args.SLACK_BYTES);

  @Test
  void everySplitPointGivesTheSameCommands() {
    byte[] bytes = PIPELINE.getBytes(StandardCharsets.ISO_8859_1);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second += 7) {
        assertEquals(COMMANDS, parse(bytes, first, second), "split at " + first + ", " + second);
      }
    }
  }

  @Test
  void byteByByteGivesTheSameCommands() {
    byte[] bytes = PIPELINE.getBytes(StandardCharsets.ISO_8859_1);
    int[] cuts = new int[bytes.length];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = i;
    }
    assertEquals(COMMANDS, parse(bytes, cuts));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*abc\\r\\n|Protocol error: invalid multibulk length",
        "*1048577\\r\\n|Protocol error: invalid multibulk length",
        "*99999999999999999999999\\r\\n|Protocol error: invalid multibulk length",
        "*1\\r\\nfoo\\r\\n|Protocol error: expected '$', got 'f'",
        "*1\\r\\n$abc\\r\\n|Protocol error: invalid bulk length",
        "*1\\r\\n$-1\\r\\n|Protocol error: invalid bulk length",
        "*1\\r\\n$1048577\\r\\n|Protocol error: invalid bulk length",
        "set k \"abc\\r\\n|Protocol error: unbalanced quotes in request",
        "set k \"abc\"d\\r\\n|Protocol error: unbalanced quotes in request"
      })
  void errorsAreThoseOfRedis(String request, String error) {
    byte[] bytes = request.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    put(bytes, 0, bytes.length);
    assertEquals(RequestParser.BROKEN, parser.parse(memory, 0, bytes.length));
    assertEquals(error, parser.error());
  }

  @Test
  void anInlineRequestWithoutEndIsRefused() {
    memory.fill((byte) 'x');
    assertEquals(RequestParser.INCOMPLETE, parser.parse(memory, 0, 64 * 1024));
    assertEquals(RequestParser.BROKEN, parser.parse(memory, 0, 64 * 1024 + 1));
    assertEquals("Protocol error: too big inline request", parser.error());
  }

  @Test
  void saysHowMuchIsMissing() {
    byte[] bytes = "*2\r\n$3\r\nGET\r\n$1000\r\nabc".getBytes(StandardCharsets.ISO_8859_1);
    put(bytes, 0, bytes.length);
    assertEquals(RequestParser.INCOMPLETE, parser.parse(memory, 0, bytes.length));
    assertEquals(1000 - 3 + 2, parser.missing());
  }

  /// Mutated pipelines: whatever comes is answered, refused or waited for, within the bytes given.
  @Test
  void randomBytesNeverBreakIt() {
    var random = new Random(SEED);
    byte[] good = PIPELINE.getBytes(StandardCharsets.ISO_8859_1);
    int broken = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var fuzzed = new RequestParser(args, BULK_MAX);
      put(bytes, 0, bytes.length);
      int at = 0;
      int state = RequestParser.COMPLETE;
      while (at < bytes.length && state == RequestParser.COMPLETE) {
        state = fuzzed.parse(memory, at, bytes.length);
        if (state == RequestParser.COMPLETE) {
          assertTrue(fuzzed.end() > 0 && at + fuzzed.end() <= bytes.length, "seed " + SEED);
          boolean isInPlace = args.segment().equals(memory); // else it had quotes
          long first = isInPlace ? at : 0;
          long limit = isInPlace ? bytes.length : args.segment().byteSize() - Args.SLACK_BYTES;
          for (int i = 0; i < args.count(); i++) {
            assertTrue(args.offset(i) >= first, "seed " + SEED);
            assertTrue(args.offset(i) + args.length(i) <= limit, "seed " + SEED);
          }
          at += fuzzed.end();
          fuzzed.reset();
        }
      }
      broken += state == RequestParser.BROKEN ? 1 : 0;
      MemorySegment received = memory.asSlice(0, bytes.length);
      assertEquals(-1, received.mismatch(MemorySegment.ofArray(bytes)), "changed, seed " + SEED);
    }
    assertTrue(broken > 1_000, "the mutations hit nothing: " + broken);
  }

  private List<List<String>> parse(byte[] bytes, int... cuts) {
    var commands = new ArrayList<List<String>>();
    int start = 0;
    int end = 0;
    int[] ends = Arrays.copyOf(cuts, cuts.length + 1);
    ends[cuts.length] = bytes.length;
    for (int cut : ends) {
      memory.fill((byte) 0x7f); // what is not here yet must not be looked at
      put(bytes, start, cut); // the request moves to the front between calls
      int at = 0;
      int length = cut - start;
      while (at < length && parser.parse(memory, at, length) == RequestParser.COMPLETE) {
        var words = new ArrayList<String>();
        for (int i = 0; i < args.count(); i++) {
          words.add(new String(args.bytes(i), StandardCharsets.ISO_8859_1));
        }
        commands.add(words);
        at += parser.end();
        parser.reset();
      }
      start += at;
      end = cut;
    }
    assertEquals(bytes.length, end);
    return commands;
  }

  private void put(byte[] bytes, int from, int to) {
    MemorySegment.copy(bytes, from, memory, ValueLayout.JAVA_BYTE, 0, to - from);
  }
}
