package io.atlaskv.engine.internal.sstable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which scans a table may be left out of. Keys here begin with a namespace of four letters.
class PrefixFilterTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final PrefixLengths TWO_OF_AAAA =
      PrefixLengths.NONE.with(namespace("aaaa"), 2).with(namespace("cccc"), 1);

  private final FaultFileSystem files = FaultFileSystem.create(1);
  private final BlockCache cache = new BlockCache(1 << 20, true);
  private final List<TableReader> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(TableReader::release);
    cache.close();
  }

  private static int namespace(String name) {
    return ByteArrays.beInt(name.getBytes(StandardCharsets.US_ASCII), 0);
  }

  private TableReader table(PrefixLengths lengths, List<Entry> entries) {
    long number = open.size() + 1L;
    TestTables.write(files, number, TableOptions.DEFAULT.withPrefixes(lengths), entries);
    TableReader table = TestTables.open(files, number, cache);
    open.add(table);
    return table;
  }

  private TableReader table(PrefixLengths lengths, String... keys) {
    var entries = new ArrayList<Entry>();
    for (String key : keys) {
      entries.add(Entry.put(key, 1, "v"));
    }
    return table(lengths, entries);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static @Nullable SharedPrefix shared(String lower, String upper) {
    return SharedPrefix.of(bytes(lower), bytes(upper));
  }

  /// Null if the filter does not know them.
  private static @Nullable Boolean mayHold(TableReader table, String lower, String upper) {
    PrefixFilter filter = Objects.requireNonNull(table.prefixFilter());
    SharedPrefix prefix = shared(lower, upper);
    boolean isKnown = prefix != null && filter.knows(prefix);
    return isKnown ? (Boolean) filter.mayHold(Objects.requireNonNull(prefix)) : null;
  }

  @Test
  void aTableTellsWhatItsKeysBeginWith() {
    TableReader table = table(TWO_OF_AAAA, "aaaa", "aaaax", "aaaaxy", "aaaaxy1", "aaaaxz", "bbbbq");
    assertThat(mayHold(table, "aaaaxy", "aaaaxz")).isTrue();
    assertThat(mayHold(table, "aaaaxy5", "aaaaxy7")).isTrue();
    assertThat(mayHold(table, "aaaaxz", "aaaax{")).isTrue();
    assertThat(mayHold(table, "aaaaxx", "aaaaxy")).isFalse();
    assertThat(mayHold(table, "aaaaq55", "aaaaq57")).isFalse();
    assertThat(mayHold(table, "aaaax", "aaaay")).as("shorter than what is noted").isNull();
    assertThat(mayHold(table, "bbbbq", "bbbbr")).as("nothing is noted of it").isNull();
  }

  @Test
  void aNamespaceBetweenTheOthersOfATableIsKnownToHaveNothingThere() {
    TableReader table = table(TWO_OF_AAAA, "aaaaxy", "dddd");
    assertThat(mayHold(table, "ccccx", "ccccy")).isFalse();
    assertThat(mayHold(table(TWO_OF_AAAA, "aaaaxy"), "ccccx", "ccccy")).isNull();
  }

  @Test
  void aTableWithoutNamespacesThatWantOneHasNone() {
    assertThat(table(TWO_OF_AAAA, "bbbbx").prefixFilter()).isNull();
    assertThat(table(PrefixLengths.NONE, "aaaax").prefixFilter()).isNull();
  }

  @Test
  void tombstonesAreEntries() {
    TableReader table = table(TWO_OF_AAAA, List.of(Entry.delete("aaaaxy1", 7)));
    assertThat(mayHold(table, "aaaaxy", "aaaaxz")).isTrue();
  }

  @Test
  void aTableOfNothingButRangeTombstonesHasNone() {
    var deleted = new RangeTombstone(Bytes.ofUtf8("aaaaxa"), Bytes.ofUtf8("aaaaxz"), 900);
    TableOptions options = TableOptions.DEFAULT.withPrefixes(TWO_OF_AAAA);
    TestTables.write(files, 99, options, List.of(), List.of(deleted));
    TableReader table = TestTables.open(files, 99, cache);
    open.add(table);
    assertThat(table.prefixFilter()).isNull();
    assertThat(table.rangeTombstones().isEmpty()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "nsnsab, nsnsac, 6",
    "nsnsab5, nsnsac, 6",
    "nsnsab, nsnsad, 5",
    "nsnsab, nsnsac1, 5",
    "nsnsab, nsnsab5, 6",
    "nsnsab, nsnsab, 6",
    "nsnsab1, nsnsab9, 6",
    "nsnsab1, nsnsab2, 7",
    "nsnsabÿÿ, nsnsac, 8",
    "nsnsabÿ1, nsnsac, 7",
    "nsnsÿÿ, nsnt, 6",
    "nsns, nsnt, 4",
    "nsnsb, nsnsa, 4",
    "nsns, nsnu, 3",
    "nsnsa, '', 0"
  })
  void bytesThatAllKeysOfARangeBeginWith(String lower, String upper, int length) {
    assertThat(SharedPrefix.length(bytes(lower), bytes(upper))).isEqualTo(length);
    assertThat(shared(lower, upper) == null).isEqualTo(length <= 4);
  }

  /// Against all keys of up to three letters, of which two are those at which carries happen.
  @Test
  void noKeyOfARangeBeginsOtherwise() {
    byte[] letters = {0, 1, (byte) 0xfe, (byte) 0xff};
    var keys = new TreeSet<Bytes>();
    for (int i = 0; i < 4 * 4 * 4; i++) {
      byte[] key = {letters[i & 3], letters[i >> 2 & 3], letters[i >> 4]};
      for (int length = 0; length <= key.length; length++) {
        keys.add(Bytes.of(key, 0, length));
      }
    }
    for (Bytes lower : keys) {
      for (Bytes upper : keys.tailSet(lower)) {
        int length = SharedPrefix.length(lower.toArray(), upper.toArray());
        Bytes shared = Bytes.of(lower.toArray(), 0, length);
        for (Bytes key : keys.subSet(lower, upper)) {
          assertThat(key.length() >= length && Bytes.of(key.toArray(), 0, length).equals(shared))
              .as("[%s, %s) has %s", lower, upper, key)
              .isTrue();
        }
      }
    }
  }

  @Test
  void fewAnswersAreFalse() {
    var random = new SplittableRandom(SEED);
    var keys = new TreeSet<String>();
    while (keys.size() < 5_000) {
      keys.add("aaaa%08x/%d".formatted(random.nextInt(), random.nextInt(9)));
    }
    PrefixLengths lengths = PrefixLengths.NONE.with(namespace("aaaa"), 8);
    TableReader table = table(lengths, keys.toArray(String[]::new));
    int wrong = 0;
    for (int i = 0; i < 20_000; i++) {
      String absent = "aaaa%08X".formatted(0xA000_0000 | random.nextInt()); // in capitals
      wrong += Boolean.TRUE.equals(mayHold(table, absent, absent + "\uffff")) ? 1 : 0;
    }
    assertThat(wrong).as("of 20,000, seed " + SEED).isLessThan(100);
    for (String key : keys) {
      String prefix = key.substring(0, 12);
      assertThat(mayHold(table, prefix, prefix + "0")).as(key + ", seed " + SEED).isTrue();
    }
  }

  @Test
  void lengthsAreKeptByNamespace() {
    PrefixLengths lengths = PrefixLengths.NONE.with(9, 4).with(2, 7).with(5, 1);
    assertThat(lengths.with(5, 1)).isSameAs(lengths);
    assertThat(lengths.of(2)).isEqualTo(7);
    assertThat(lengths.of(3)).isZero();
    assertThat(lengths.between(3, 9)).isEqualTo(PrefixLengths.NONE.with(5, 1).with(9, 4));
    assertThat(lengths.with(5, 0).with(2, 0).with(9, 0)).isEqualTo(PrefixLengths.NONE);
  }

  @Test
  void bytesOfAFilter() {
    try (var hashes = new NativeBuffer(64, 1 << 10);
        var filter = new NativeBuffer(64, 1 << 10)) {
      PrefixLengths lengths =
          PrefixLengths.NONE.with(namespace("aaaa"), 2).with(namespace("cccc"), 300);
      var builder = new PrefixFilterBuilder(lengths, hashes);
      for (String key : List.of("aaaax", "aaaaxy1", "aaaaxy2", "aaaaxz", "bbbbx")) {
        builder.add(bytes(key), key.length());
      }
      assertThat(builder.append(namespace("aaaa"), namespace("dddd"), filter)).isEqualTo(92);
      assertThat(HexFormat.of().formatHex(ByteArrays.copyOf(filter.segment(), 0, 92)))
          .isEqualTo(
              "02000000"
                  + "61616161"
                  + "02000000"
                  + "63636363"
                  + "2c010000"
                  + "0008004000000000"
                  + "0000002000000000"
                  + "8001000000004000"
                  + "1000000100008000"
                  + "0080000000000000"
                  + "0000000200000000"
                  + "0000000000000000"
                  + "0000000080020100"
                  + "0700000000000000");
    }
  }

  @Test
  void whatIsNoPrefixFilterIsRefused() {
    try (var arena = Arena.ofConfined()) {
      for (int bytes : new int[] {0, 3, 4, 12, 83}) {
        MemorySegment source = arena.allocate(Math.max(1, bytes));
        assertThatThrownBy(() -> PrefixFilter.of("7.sst", 100, source, 0, bytes, arena))
            .as("%d zeroes", bytes)
            .isInstanceOf(CorruptionException.class)
            .hasMessageContaining("malformed prefix filter");
      }
    }
  }
}
