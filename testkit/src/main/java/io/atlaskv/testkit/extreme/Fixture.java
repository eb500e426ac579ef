package io.atlaskv.testkit.extreme;

import java.util.List;

/// The data that commands meet, and the values that are put into their slots.
final class Fixture {
  static final String STRING_KEY = "string";
  static final String NUMBER_KEY = "number";

  private static final List<List<String>> FILL =
      List.of(
          List.of("FLUSHALL"),
          List.of("SET", STRING_KEY, "hello world"),
          List.of("SET", NUMBER_KEY, "10"),
          List.of("SET", "expiring", "soon", "PXAT", "99999999999999"),
          List.of("SET", "", "empty key"));

  /// What a run of commands may have left, to be compared.
  private static final List<List<String>> LOOK =
      List.of(
          List.of("EXISTS", STRING_KEY, NUMBER_KEY, "expiring", ""),
          List.of("GETRANGE", STRING_KEY, "0", "1000"),
          List.of("GETRANGE", NUMBER_KEY, "0", "1000"),
          List.of("STRLEN", STRING_KEY),
          List.of("PERSIST", "expiring"),
          List.of("PERSIST", STRING_KEY),
          List.of("GETRANGE", "", "0", "1000"));

  private static final List<String> EXTREMES =
      List.of(
          "-9223372036854775808",
          "9223372036854775807",
          "-9223372036854775809",
          "9223372036854775808",
          "18446744073709551616",
          "-2147483649",
          "4294967296",
          "536870913",
          "-1",
          "0",
          "63",
          "64",
          "100000",
          "-0",
          "007",
          " 1",
          "1 ",
          "1.5",
          "1e400",
          "-1e-400",
          "nan",
          "inf",
          "-inf",
          "0x10",
          "",
          "*",
          "[",
          "u64",
          "i64",
          "#9223372036854775807",
          "no-such-thing",
          STRING_KEY,
          NUMBER_KEY,
          "expiring",
          "\0\r\n\u00ff\u00fe",
          "x".repeat(300));

  private Fixture() {}

  static List<List<String>> fill() {
    return FILL;
  }

  static List<List<String>> look() {
    return LOOK;
  }

  static List<String> extremes() {
    return EXTREMES;
  }
}
