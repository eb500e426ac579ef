package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.TestPins;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Blocks whose checksum is right but whose content is not, as a bug of the writer or an attacker
/// would make them: searching them ends, reads only the block, and throws nothing but
/// `CorruptionException`.
class DataBlockFuzzTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int ROUNDS = Integer.getInteger("atlaskv.rounds", 20_000);

  @Test
  void malformedBlocksAreRefusedOrHarmless() {
    var random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] block = block(random);
      int changes = 1 + random.nextInt(6);
      for (int i = 0; i < changes; i++) {
        int at =
            random.nextBoolean()
                ? random.nextInt(Math.min(40, block.length))
                : random.nextInt(block.length);
        block[at] = (byte) random.nextInt();
      }
      int cut = random.nextInt(5) == 0 ? random.nextInt(block.length) : block.length;
      search(block, cut, random, "rerun: -Datlaskv.seed=" + SEED + " round " + round);
    }
  }

  private static byte[] block(Random random) {
    try (var builder = new DataBlockBuilder(random.nextInt(4), random.nextBoolean());
        var target = new NativeBuffer(8192, 1 << 20);
        var arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(64);
      int entries = 1 + random.nextInt(40);
      for (int i = 0; i < entries; i++) {
        byte[] key = "prefix:%05d".formatted(i * 7).getBytes(StandardCharsets.US_ASCII);
        long trailer = InternalKey.pack(random.nextInt(1 << 20), ValueKind.PUT);
        long hash = TableReader.hash(key, 0, key.length);
        int length = random.nextInt(40);
        builder.tryAdd(key, key.length, trailer, hash, value, 0, length, Integer.MAX_VALUE);
      }
      builder.finish(target);
      return target.segment().asSlice(0, target.length()).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// The block lies at the very end of its segment: any read behind it throws.
  private static void search(byte[] block, int length, Random random, String message) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(Math.max(1, length));
      MemorySegment.copy(block, 0, segment, ValueLayout.JAVA_BYTE, 0, length);
      var iterator = new DataBlockIterator("fuzz");
      try {
        iterator.reset(segment, 0, length, 0);
        walk(iterator, random, message);
      } catch (CorruptionException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("fuzz@0"), message);
      }
      byte[] key = "prefix:%05d".formatted(random.nextInt(300)).getBytes(StandardCharsets.US_ASCII);
      long hash = TableReader.hash(key, 0, key.length);
      var out = new Lookup();
      int entry = random.nextBoolean() ? DataBlockSearch.ANY_ENTRY : random.nextInt(40);
      int state =
          DataBlockSearch.get(
              TestPins.of(segment, length),
              entry,
              key,
              0,
              key.length,
              hash,
              SequenceNumber.MAX,
              out);
      if (state == Lookup.FOUND) {
        assertTrue(
            out.offset() >= 0 && out.offset() + out.length() <= length, message + " value outside");
      }
      out.release();
    }
  }

  private static void walk(DataBlockIterator iterator, Random random, String message) {
    byte[] key = "prefix:%05d".formatted(random.nextInt(300)).getBytes(StandardCharsets.US_ASCII);
    int steps = 0;
    iterator.seekToFirst();
    while (iterator.isValid()) {
      iterator.next();
      steps++;
    }
    assertTrue(steps <= 1 << 16, message);
    iterator.seekToLast();
    for (int i = 0; i < 50 && iterator.isValid(); i++) {
      iterator.prev();
    }
    iterator.seek(key, 0, key.length);
    iterator.seekForPrev(key, 0, key.length);
  }
}
