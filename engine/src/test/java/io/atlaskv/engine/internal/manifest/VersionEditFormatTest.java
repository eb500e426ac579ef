package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.NativeBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionEditFormatTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  private final NativeBuffer buffer = new NativeBuffer(16, 1 << 20);

  @AfterEach
  void close() {
    buffer.close();
  }

  @Test
  void everyPartComesBack() {
    for (long seed = SEED; seed < SEED + 200; seed++) {
      buffer.clear();
      VersionEdit edit = randomEdit(new Random(seed));
      VersionEditFormat.encode(edit, buffer);
      assertEquals(edit, decode(), "rerun: -Datlaskv.seed=" + seed);
    }
  }

  @Test
  void emptyEditHasNoBytes() {
    VersionEditFormat.encode(VersionEdit.builder().build(), buffer);
    assertEquals(0, buffer.length());
  }

  @Test
  void unknownFieldsMayBeIgnoredIfTheySaySo() {
    putField(100 << 1 | 1, 1, 2, 3);
    VersionEditFormat.encode(VersionEdit.builder().logNumber(7).build(), buffer);
    assertEquals(7, decode().logNumber());
  }

  @Test
  void otherUnknownFieldsAreRefusedByName() {
    putField(100 << 1, 1, 2, 3);
    var refused = assertThrows(UnsupportedFormatException.class, this::decode);
    assertTrue(refused.getMessage().contains("field 100"), refused.getMessage());
  }

  @Test
  void otherTreesAreRefused() {
    putField(6 << 1, 1, 5); // flushed through: tree 1
    assertThrows(UnsupportedFormatException.class, this::decode);
  }

  @Test
  void contentMayGrow() {
    putField(5 << 1, 9, 42, 42); // log number 9 and what a later release appended
    assertEquals(9, decode().logNumber());
  }

  @Test
  void levelsThatDoNotExistAreCorruption() {
    putField(2 << 1, 0, 7, 1); // removed table: level 7
    assertThrows(CorruptionException.class, this::decode);
  }

  @Test
  void stylesThatDoNotExistAreCorruption() {
    long tooLarge = 1L << 32;
    putNumbers(10 << 1, 5, 0, 3); // tree 5, no flags, style 3
    assertThrows(CorruptionException.class, this::decode);
    buffer.clear();
    putNumbers(10 << 1, 5, 0, tooLarge); // its low bits would be those of the leveled style
    assertThrows(CorruptionException.class, this::decode);
    buffer.clear();
    putNumbers(10 << 1, 5, 0, 1, tooLarge + 4, 0, 0, 0); // size-tiered
    assertThrows(CorruptionException.class, this::decode);
    buffer.clear();
    putNumbers(10 << 1, 5, 0, 1, 4, 0, 0, 0);
    assertEquals(
        new CompactionStyle.SizeTiered(4, 0, 0, Duration.ZERO),
        Objects.requireNonNull(decode().profiles().get(5)).style());
  }

  @Test
  void anyPrefixIsAnEditOrCorruption() {
    VersionEditFormat.encode(randomEdit(new Random(SEED)), buffer);
    int length = buffer.length();
    for (int cut = 0; cut < length; cut++) {
      int end = cut;
      try {
        VersionEditFormat.decode("MANIFEST-000001", buffer.segment(), 0, end);
      } catch (CorruptionException e) {
        assertTrue(e.offset() <= end, e.getMessage());
      }
    }
  }

  @Test
  void anyBytesAreAnEditOrRefused() {
    var random = new Random(SEED);
    for (int round = 0; round < 2_000; round++) {
      buffer.clear();
      VersionEditFormat.encode(randomEdit(random), buffer);
      for (int flips = 1 + random.nextInt(3); flips > 0 && buffer.length() > 0; flips--) {
        buffer.patchByte(random.nextInt(buffer.length()), (byte) random.nextInt());
      }
      try {
        assertTrue(decode().added().size() < 100);
      } catch (AtlasException e) {
        assertTrue(e.getMessage().startsWith("MANIFEST-000001"), e.getMessage());
      }
    }
  }

  private void putField(int tag, int... content) {
    buffer.putVarint(tag);
    buffer.putVarint(content.length);
    for (int part : content) {
      buffer.putVarint(part);
    }
  }

  private void putNumbers(int tag, long... numbers) {
    try (var content = new NativeBuffer(64, 1 << 10)) {
      for (long number : numbers) {
        content.putVarint(number);
      }
      buffer.putVarint(tag);
      buffer.putVarint(content.length());
      buffer.put(content.segment(), 0, content.length());
    }
  }

  private VersionEdit decode() {
    return VersionEditFormat.decode("MANIFEST-000001", buffer.segment(), 0, buffer.length());
  }

  private static VersionEdit randomEdit(Random random) {
    var edit = VersionEdit.builder();
    for (int i = random.nextInt(3); i > 0; i--) {
      edit.add(random.nextInt(Levels.COUNT), randomTable(random));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      edit.remove(random.nextInt(Levels.COUNT), random.nextLong(1L << 62));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      var id = new CounterId(random.nextInt(), random.nextInt(256));
      edit.counter(id, random.nextLong());
    }
    if (random.nextBoolean()) {
      edit.nextFileNumber(random.nextLong(1L << 62)).lastSequence(random.nextLong(1L << 56));
    }
    if (random.nextBoolean()) {
      edit.logNumber(random.nextLong(1L << 62)).flushedThrough(random.nextLong(1L << 56));
    }
    if (random.nextBoolean()) {
      edit.boundary(new LogBoundary(random.nextLong(1L << 62), random.nextLong(1L << 56)));
      edit.cursor(random.nextInt(Levels.COUNT), randomKey(random));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      int tree = random.nextInt() | 1; // any but the shared one
      edit.profile(tree, randomProfile(random));
      edit.add(tree, random.nextInt(Levels.COUNT), randomTable(random));
      edit.remove(tree, random.nextInt(Levels.COUNT), random.nextLong(1L << 62));
      edit.cursor(tree, random.nextInt(Levels.COUNT), randomKey(random));
    }
    if (random.nextBoolean()) {
      edit.features(random.nextLong(StoreFeatures.KNOWN + 1));
      edit.historyFrom(random.nextLong(1L << 62));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      edit.fork(new Lineage.Fork(random.nextLong(1L << 50), random.nextLong()));
    }
    if (random.nextBoolean()) {
      edit.historyFloor(random.nextLong(1L << 56));
    }
    return edit.build();
  }

  private static TreeProfile randomProfile(Random random) {
    CompactionStyle style =
        switch (random.nextInt(3)) {
          case 0 -> CompactionStyle.LEVELED;
          case 1 ->
              new CompactionStyle.SizeTiered(
                  2 + random.nextInt(31),
                  random.nextLong(1L << 30),
                  random.nextBoolean() ? 0 : (1L << 30) + random.nextLong(1L << 40),
                  Duration.ofMillis(random.nextLong(1L << 38)));
          default ->
              CompactionStyle.timeWindowed(Duration.ofMillis(1_000L + random.nextInt(1 << 30)));
        };
    return new TreeProfile(style, random.nextBoolean(), random.nextBoolean());
  }

  private static TableMeta randomTable(Random random) {
    Bytes smallest = randomKey(random);
    byte[] longer = new byte[smallest.length() + 1 + random.nextInt(200)];
    smallest.copyTo(longer, 0);
    long entries = random.nextLong(1L << 40);
    return new TableMeta(
        random.nextLong(1L << 62),
        random.nextLong(1L << 62),
        smallest,
        Bytes.of(longer),
        random.nextBoolean(),
        random.nextInt(1000),
        1000 + random.nextLong(1L << 50),
        entries,
        random.nextLong(entries + 1),
        random.nextLong(entries + 1),
        random.nextInt(5));
  }

  private static Bytes randomKey(Random random) {
    byte[] key = new byte[random.nextInt(30)];
    random.nextBytes(key);
    return Bytes.of(key);
  }
}
