package io.atlaskv.engine.api;

import static io.atlaskv.engine.api.Codec.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Codecs: round trips, the order of bytes against the order of values, and the documented bytes.
class CodecTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=CodecTest -Datlaskv.seed=" + SEED;
  private static final int PAIRS = 10_000;
  private static final Path DOCUMENT = Path.of("../docs/embedded/codecs.md");
  private static final Pattern VECTOR =
      Pattern.compile("\\| `([^`]+)` \\| `([^`]*)` \\| `([0-9a-f ]*)` \\|");

  private enum Suit {
    CLUBS,
    DIAMONDS,
    HEARTS,
    SPADES
  }

  private record Visit(String user, Instant at) {}

  private record Place(String country, long number, Bytes tag, boolean isOpen) {}

  private record Nested(Visit visit, String page, int times) {}

  private static final OrderedCodec<Visit> VISIT =
      Codec.tuple(field(Codec.utf8(), Visit::user), field(Codec.instant(), Visit::at), Visit::new);
  private static final OrderedCodec<Place> PLACE =
      Codec.tuple(
          field(Codec.utf8(), Place::country),
          field(Codec.int64().descending(), Place::number),
          field(Codec.bytes(), Place::tag),
          field(Codec.bool(), Place::isOpen),
          Place::new);
  private static final OrderedCodec<Nested> NESTED =
      Codec.tuple(
          field(VISIT, Nested::visit),
          field(Codec.utf8().descending(), Nested::page),
          field(Codec.int32(), Nested::times),
          Nested::new);

  private record Case<T>(String name, OrderedCodec<T> codec, Function<Random, T> values) {
    void check() {
      var random = new Random(SEED);
      for (int i = 0; i < PAIRS; i++) {
        T a = values.apply(random);
        T b = values.apply(random);
        byte[] bytesA = codec.toBytes(a);
        byte[] bytesB = codec.toBytes(b);
        String what = a + " and " + b + "; " + REPRO;
        assertEquals(
            Integer.signum(codec.comparator().compare(a, b)),
            Integer.signum(Arrays.compareUnsigned(bytesA, bytesB)),
            what);
        assertEquals(a.equals(b), Arrays.equals(bytesA, bytesB), what);
        assertEquals(a, codec.fromBytes(bytesA), what);
        if (codec.isSelfDelimiting()) {
          var two = new ByteWriter();
          codec.encode(a, two);
          codec.encode(b, two);
          ByteReader in = ByteReader.of(two.toArray());
          assertEquals(a, codec.decode(in), what);
          assertEquals(b, codec.decodeAll(in), what);
        }
      }
    }
  }

  private static Stream<Case<?>> cases() {
    List<Case<?>> plain =
        List.of(
            new Case<>("utf8", Codec.utf8(), CodecTest::text),
            new Case<>("bytes", Codec.bytes(), CodecTest::someBytes),
            new Case<>("int32", Codec.int32(), random -> (int) number(random)),
            new Case<>("int64", Codec.int64(), CodecTest::number),
            new Case<>("float64", Codec.float64(), CodecTest::real),
            new Case<>("bool", Codec.bool(), Random::nextBoolean),
            new Case<>("uuid", Codec.uuid(), random -> new UUID(number(random), number(random))),
            new Case<>("instant", Codec.instant(), CodecTest::instant),
            new Case<>(
                "enumeration",
                Codec.enumeration(Suit.class),
                random -> Suit.values()[random.nextInt(4)]),
            new Case<>(
                "converted",
                Codec.utf8().as(Path::of, Path::toString),
                random -> Path.of(text(random).replace("\0", "") + "x")),
            new Case<>("tuple of 2", VISIT, CodecTest::visit),
            new Case<>(
                "tuple of 4",
                PLACE,
                random ->
                    new Place(
                        text(random), number(random), someBytes(random), random.nextBoolean())),
            new Case<>(
                "tuple in a tuple",
                NESTED,
                random -> new Nested(visit(random), text(random), random.nextInt(3))));
    var all = new ArrayList<Case<?>>();
    for (Case<?> each : plain) {
      all.add(each);
      all.add(delimited(each));
      all.add(descending(each));
    }
    return all.stream();
  }

  private static <T> Case<T> delimited(Case<T> each) {
    return new Case<>(each.name + " delimited", each.codec.delimited(), each.values);
  }

  private static <T> Case<T> descending(Case<T> each) {
    return new Case<>(each.name + " descending", each.codec.descending(), each.values);
  }

  /// Short, over few characters of each length in UTF-8: prefixes and equal ones are common.
  private static String text(Random random) {
    var text = new StringBuilder();
    String[] letters = {
      "\0", "\1", "a", "b", "\u00ff", "\u4e2d", "\uffff", "\ufffd", "\ud83d\ude00"
    };
    for (int n = random.nextInt(5); n > 0; n--) {
      text.append(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  private static Bytes someBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(5)];
    byte[] few = {0, 1, (byte) 0xff, (byte) 0xfe, 'a'};
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = few[random.nextInt(few.length)];
    }
    return Bytes.of(bytes);
  }

  private static long number(Random random) {
    return random.nextLong() >> random.nextInt(64);
  }

  private static double real(Random random) {
    double[] special = {
      0.0,
      -0.0,
      Double.NaN,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      1.0,
      -1.0
    };
    return random.nextBoolean()
        ? special[random.nextInt(special.length)]
        : Double.longBitsToDouble(random.nextLong());
  }

  private static Instant instant(Random random) {
    return Instant.ofEpochSecond(number(random) >> 32, random.nextInt(3));
  }

  private static Visit visit(Random random) {
    return new Visit(text(random), instant(random));
  }

  @TestFactory
  Stream<DynamicTest> bytesAreOrderedAsValuesAndReadBack() {
    return cases().map(each -> DynamicTest.dynamicTest(each.name(), each::check));
  }

  /// What the document says each value's bytes are.
  @Test
  void documentedVectorsHold() throws IOException {
    Map<String, OrderedCodec<?>> codecs =
        Map.ofEntries(
            Map.entry("utf8()", Codec.utf8()),
            Map.entry("bytes()", Codec.bytes().as(CodecTest::hexOf, CodecTest::ofHex)),
            Map.entry("int32()", Codec.int32()),
            Map.entry("int64()", Codec.int64()),
            Map.entry("float64()", Codec.float64()),
            Map.entry("bool()", Codec.bool()),
            Map.entry("uuid()", Codec.uuid()),
            Map.entry("instant()", Codec.instant()),
            Map.entry("enumeration(Suit.class)", Codec.enumeration(Suit.class)),
            Map.entry("utf8().delimited()", Codec.utf8().delimited()),
            Map.entry(
                "bytes().delimited()",
                Codec.bytes().delimited().as(CodecTest::hexOf, CodecTest::ofHex)),
            Map.entry("int32().descending()", Codec.int32().descending()),
            Map.entry("utf8().descending()", Codec.utf8().descending()),
            Map.entry("tuple(utf8(), instant())", VISIT));
    var seen = new ArrayList<String>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      var vector = VECTOR.matcher(line);
      if (vector.matches()) {
        OrderedCodec<?> codec = codecs.get(vector.group(1));
        assertThat(codec).as(line).isNotNull();
        byte[] bytes = HexFormat.of().parseHex(vector.group(3).replace(" ", ""));
        assertEquals(vector.group(2), String.valueOf(codec.fromBytes(bytes)), line);
        assertArrayEquals(bytes, again(codec, bytes), line);
        seen.add(vector.group(1));
      }
    }
    assertThat(seen).containsAll(codecs.keySet());
  }

  private static <T> byte[] again(Codec<T> codec, byte[] bytes) {
    return codec.toBytes(codec.fromBytes(bytes));
  }

  private static String hexOf(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.toArray());
  }

  private static Bytes ofHex(String hex) {
    return Bytes.of(HexFormat.of().parseHex(hex));
  }

  @Test
  void tuplesBeginWithTheBytesOfTheirFirstParts() {
    var visit = new Visit("ada\0", Instant.EPOCH);
    byte[] first = Codec.utf8().delimited().toBytes(visit.user());
    assertTrue(Bytes.of(VISIT.toBytes(visit)).startsWith(Bytes.of(first)));
  }

  @Test
  void halfOfASurrogatePairIsRefused() {
    for (String text : List.of("a\ud83d", "\ud83da", "\ude00", "\ude00\ud83d")) {
      assertThrows(IllegalArgumentException.class, () -> Codec.utf8().toBytes(text));
    }
  }

  @Test
  void bytesOfAnotherCodecAreRefused() {
    byte[] malformed = {(byte) 0xc3, 0x28};
    assertThrows(IllegalArgumentException.class, () -> Codec.utf8().fromBytes(malformed));
    assertThrows(IllegalArgumentException.class, () -> Codec.int64().fromBytes(new byte[7]));
    assertThrows(IllegalArgumentException.class, () -> Codec.int64().fromBytes(new byte[9]));
    assertThrows(IllegalArgumentException.class, () -> Codec.bool().fromBytes(new byte[] {2}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Codec.enumeration(Suit.class).fromBytes(new byte[] {0, 4}));
    assertThrows(
        IllegalArgumentException.class,
        () -> Codec.utf8().delimited().fromBytes(new byte[] {'a', 0, 2}));
    assertThrows(
        IllegalArgumentException.class, () -> Codec.utf8().delimited().fromBytes(new byte[] {'a'}));
  }

  private record Order(String item, long cents, double weight, int count) {}

  /// A codec by two functions, read from an array and from native memory.
  @Test
  void valuesByTwoFunctions() {
    Codec<Order> codec =
        Codec.of(
            (order, out) ->
                out.putText(order.item)
                    .putLong(order.cents)
                    .putDouble(order.weight)
                    .putVarint(order.count),
            in -> new Order(in.takeText(), in.takeLong(), in.takeDouble(), in.takeVarint()));
    var random = new Random(SEED);
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < PAIRS; i++) {
        var order =
            new Order(
                text(random).repeat(random.nextInt(80)),
                number(random),
                random.nextDouble(),
                (int) number(random));
        byte[] bytes = codec.toBytes(order);
        assertEquals(order, codec.fromBytes(bytes), REPRO);
        MemorySegment memory = arena.allocate(bytes.length + 3L);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 3, bytes.length);
        assertEquals(order, codec.decodeAll(ByteReader.of(memory, 3, bytes.length)), REPRO);
      }
    }
  }

  @Test
  void aSegmentIsReadOnlyAndNativeWhereverTheBytesLie() {
    byte[] bytes = {1, 2, 3, 4};
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, 4);
      for (ByteReader in : List.of(ByteReader.of(bytes), ByteReader.of(memory, 0, 4))) {
        assertEquals(0x0102, in.takeShort());
        MemorySegment rest = in.takeSegment(2);
        assertTrue(rest.isNative() && rest.isReadOnly());
        assertEquals(4, rest.get(ValueLayout.JAVA_BYTE, 1));
        assertEquals(0, in.remaining());
      }
    }
  }
}
