package io.atlaskv.testkit.compare;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Sends random string and bitmap commands with extreme arguments to two servers on this machine
/// and compares every reply, and every now and then all values. Both are emptied.
///
/// `RandomStrings PORT-OF-REDIS PORT-OF-OURS [commands] [seed]`; exits with 1 after a difference.
public final class RandomStrings {
  private static final int KEYS = 8;
  private static final int COMMANDS_PER_ROUND = 40; // then all values are compared, and deleted
  private static final int DIFFERENCES_MAX = 20;

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "7",
          "8",
          "63",
          "64",
          "100",
          "-100",
          "127",
          "-128",
          "255",
          "65536",
          "2147483647",
          "-2147483648",
          "2147483648",
          "4294967295",
          "4294967296",
          "536870911",
          "536870912",
          "9223372036854775806",
          "9223372036854775807",
          "-9223372036854775808",
          "-9223372036854775807",
          "9223372036854775808",
          "18446744073709551615",
          "1e3",
          "01",
          "+1",
          " 1",
          "1 ",
          "",
          "-",
          "-0",
          "0x10",
          "1.5",
          "nan",
          "abc");
  private static final List<String> LIVES = // none that could end during a round
      List.of(
          "100000000",
          "33177117420000",
          "0",
          "-1",
          "9223372036854775807",
          "9223372036854775",
          "9223372036854775808",
          "-9223372036854775808",
          "1e3",
          "",
          "x");
  private static final List<String> OFFSETS =
      List.of("0", "1", "5", "17", "100", "3000", "20000", "70000", "-1", "536870912", "x", "");
  private static final List<String> FLOATS =
      List.of(
          "0",
          "1",
          "-1",
          "0.1",
          "0.2",
          "-0.3",
          "1.17",
          "3.14159265358979323846",
          "1e17",
          "1e18",
          "-1e18",
          "12345678901234567890",
          "0.33333333333333333333",
          "1e-17",
          "1e-18",
          "-1e-30",
          "1e300",
          "1e4931",
          "1e4932",
          "-1e4932",
          "1e4933",
          "1e-4951",
          "1e-5000",
          "inf",
          "-inf",
          "+infinity",
          "nan",
          "0x1p3",
          "0x.8p-2",
          "0X10",
          "5.",
          ".5",
          ".",
          "1e",
          "1e+2",
          "+7",
          " 1",
          "1 ",
          "",
          "--1",
          "1_0",
          "99999999999999999999999999.5",
          "0.000000000000000005");
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "foobar",
          "12",
          "-7",
          "3.0",
          "9223372036854775807",
          "\u00ff\u00ff\u00ff",
          "\u0000\u0000",
          "\u00ff\u00f0\u0000",
          "x".repeat(44),
          "y".repeat(45));
  private static final List<String> TYPES =
      List.of("i8", "u8", "i64", "u63", "u64", "i65", "u1", "i1", "i5", "u13", "u0", "x8", "i", "");
  private static final List<String> RANGE_UNITS = List.of("BIT", "BYTE", "bit", "HELLO");
  private static final List<String> EXPIRIES = List.of("EX", "PX", "EXAT", "PXAT");
  private static final List<String> SET_WORDS = List.of("NX", "XX", "GET", "KEEPTTL", "PERSIST");

  private final Random random;
  private final RespConnection redis;
  private final RespConnection ours;
  private final boolean knowsEncodings;
  private final List<String> round = new ArrayList<>(); // commands since the last FLUSHALL
  private int differences;

  private RandomStrings(Random random, RespConnection redis, RespConnection ours) {
    this.random = random;
    this.redis = redis;
    this.ours = ours;
    knowsEncodings = !(ours.call("OBJECT", "ENCODING", "none") instanceof RespReply.Failure);
  }

  public static void main(String[] args) {
    int commands = args.length > 2 ? Integer.parseInt(args[2]) : 20_000;
    long seed = args.length > 3 ? Long.parseLong(args[3]) : 1;
    try (var redis = RespConnection.open(Integer.parseInt(args[0]));
        var ours = RespConnection.open(Integer.parseInt(args[1]))) {
      var comparison = new RandomStrings(new Random(seed), redis, ours);
      comparison.run(commands);
      System.out.println(
          commands + " commands, seed " + seed + ": " + comparison.differences + " differences");
      System.exit(comparison.differences == 0 ? 0 : 1);
    }
  }

  private void run(int commands) {
    compare("FLUSHALL");
    for (int i = 1; i <= commands && differences < DIFFERENCES_MAX; i++) {
      compare(command());
      if (i % COMMANDS_PER_ROUND == 0) {
        compareValues();
        compare("FLUSHALL");
        round.clear();
      }
    }
    compareValues();
  }

  private void compareValues() {
    for (int key = 0; key < KEYS; key++) {
      compare("GET", "k" + key);
      compare("BITCOUNT", "k" + key);
      if (knowsEncodings) {
        compare("OBJECT", "ENCODING", "k" + key);
      }
    }
  }

  private void compare(String... words) {
    RespReply expected = redis.call(words);
    RespReply found = ours.call(words);
    if (!expected.equals(found)) {
      differences++;
      System.out.println(shown(Arrays.toString(words)));
      System.out.println("  redis: " + shown(expected.toString()));
      System.out.println("  ours:  " + shown(found.toString()));
      round.stream()
          .filter(line -> words.length > 1 && line.contains(words[words.length - 1]))
          .forEach(line -> System.out.println("  after  " + line));
    }
    round.add(shown(Arrays.toString(words)));
  }

  private static String shown(String text) {
    var line = new StringBuilder();
    for (char c : text.substring(0, Math.min(text.length(), 400)).toCharArray()) {
      if (c >= ' ' && c <= '~') {
        line.append(c);
      } else {
        line.append("\\x").append(Integer.toHexString(c));
      }
    }
    return line.toString();
  }

  private String[] command() {
    return switch (random.nextInt(30)) {
      case 0, 1 -> words("SET", key(), text());
      case 2 -> setWithOptions();
      case 3 -> words("GETEX", key(), any(EXPIRIES), any(LIVES));
      case 4 -> words("APPEND", key(), text());
      case 5, 6 -> words("SETRANGE", key(), any(OFFSETS), text());
      case 7 -> words("GETRANGE", key(), any(NUMBERS), any(NUMBERS));
      case 8 -> words("SUBSTR", key(), any(NUMBERS), any(NUMBERS));
      case 9 -> words(random.nextBoolean() ? "INCRBY" : "DECRBY", key(), any(NUMBERS));
      case 10 -> words(random.nextBoolean() ? "INCR" : "DECR", key());
      case 11, 12 -> words("INCRBYFLOAT", key(), any(FLOATS));
      case 13 -> words("SET", key(), any(FLOATS));
      case 14 -> words("MSETNX", key(), text(), key(), text());
      case 15 -> words("MGET", key(), key(), key());
      case 16 -> words(random.nextBoolean() ? "GETDEL" : "STRLEN", key());
      case 17 -> words(random.nextBoolean() ? "SETEX" : "PSETEX", key(), any(LIVES), text());
      case 18 -> lcs();
      case 19, 20 -> words("SETBIT", key(), any(OFFSETS), any(NUMBERS));
      case 21 -> words("GETBIT", key(), any(NUMBERS));
      case 22, 23 -> range("BITCOUNT", key());
      case 24, 25 -> range("BITPOS", key(), any(List.of("0", "1", "2", "x")));
      case 26 ->
          words("BITOP", any(List.of("AND", "or", "XOR", "NOT", "NAND")), key(), key(), key());
      case 27 -> words("BITOP", any(List.of("AND", "NOT")), key(), key());
      case 28 -> bitField("BITFIELD");
      default -> bitField(random.nextInt(4) == 0 ? "BITFIELD_RO" : "BITFIELD");
    };
  }

  private String[] setWithOptions() {
    String[] words = words("SET", key(), text());
    for (int i = random.nextInt(4); i > 0; i--) {
      words =
          random.nextBoolean()
              ? with(words, any(SET_WORDS))
              : with(words, any(EXPIRIES), any(LIVES));
    }
    return words;
  }

  private String[] lcs() {
    String[] words = words("LCS", key(), key());
    for (int i = random.nextInt(3); i > 0; i--) {
      words =
          random.nextInt(4) == 0
              ? with(words, "MINMATCHLEN", any(NUMBERS))
              : with(words, any(List.of("LEN", "IDX", "WITHMATCHLEN", "FOO")));
    }
    return words;
  }

  private String[] range(String... start) {
    String[] words = start;
    int given = random.nextInt(5);
    for (int i = 0; i < Math.min(given, 2); i++) {
      words = with(words, any(NUMBERS));
    }
    for (int i = 2; i < given; i++) {
      words = with(words, any(RANGE_UNITS));
    }
    return words;
  }

  private String[] bitField(String name) {
    String[] words = words(name, key());
    for (int i = random.nextInt(5); i > 0; i--) {
      String offset = (random.nextInt(4) == 0 ? "#" : "") + any(OFFSETS);
      words =
          switch (random.nextInt(5)) {
            case 0, 1 -> with(words, "GET", any(TYPES), offset);
            case 2 -> with(words, "SET", any(TYPES), offset, any(NUMBERS));
            case 3 -> with(words, "INCRBY", any(TYPES), offset, any(NUMBERS));
            default -> with(words, "OVERFLOW", any(List.of("WRAP", "SAT", "FAIL", "FOO")));
          };
    }
    return words;
  }

  private String key() {
    return "k" + random.nextInt(KEYS);
  }

  private String text() {
    return random.nextInt(12) == 0 ? "0123456789".repeat(3_000) : any(TEXTS);
  }

  private String any(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static String[] words(String... words) {
    return words;
  }

  private static String[] with(String[] words, String... more) {
    String[] longer = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, longer, words.length, more.length);
    return longer;
  }
}
