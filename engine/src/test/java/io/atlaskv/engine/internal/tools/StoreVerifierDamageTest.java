package io.atlaskv.engine.internal.tools;

import static io.atlaskv.engine.internal.tools.StoreFiles.SEED;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.tools.StoreFiles.Verified;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bytes of every file of a small store are flipped, and files cut: a verification names the file.
class StoreVerifierDamageTest {
  /// Every so many bytes one is damaged.
  private static final int STRIDE = Integer.getInteger("atlaskv.damage.stride", 31);

  /// A mark and the seal: nothing is lost with them.
  private static final int TAIL_BYTES = 2 * 40;

  private static final int SEGMENT_HEADER_BYTES = 88;
  private static final int BLOCK_BYTES = 4096; // or a little more

  @Test
  void damageOfAClosedStore() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreFiles::fill);
    damageAll(StoreFiles.contents(files), true);
  }

  @Test
  void damageOfAKilledStore() {
    FaultFileSystem killed = StoreFiles.killedAfter(FaultFileSystem.create(SEED), StoreFiles::fill);
    damageAll(StoreFiles.contents(killed), false);
  }

  /// Every block of a table is damaged: the first findings are told, the others counted.
  @Test
  void findingsOfOneFileAreBounded() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreFiles.SMALL.withTableBytes(4 << 20), StoreVerifierDamageTest::grow);
    Map<String, byte[]> contents = StoreFiles.contents(files);
    String table =
        contents.keySet().stream().filter(name -> name.endsWith(".sst")).findFirst().orElseThrow();
    byte[] damaged = contents.get(table).clone();
    int end = damaged.length * 9 / 10; // what leads to the blocks stays
    for (int at = BLOCK_BYTES / 2; at < end; at += BLOCK_BYTES) {
      damaged[at] ^= 1;
    }
    Verified found = StoreFiles.verify(StoreFiles.with(contents, table, damaged));
    assertThat(found.damages()).hasSize(StoreVerifier.TOLD_PER_FILE_MAX);
    int untold = found.report().damages() - StoreVerifier.TOLD_PER_FILE_MAX;
    assertThat(untold).isPositive();
    assertThat(found.findings().getLast())
        .isEqualTo(Finding.note(table, 0, "has more findings, not listed: " + untold));
  }

  private static void grow(Db db) {
    var random = new Random(SEED);
    byte[] value = new byte[1000];
    for (int i = 0; i < 800; i++) {
      random.nextBytes(value); // that nothing compresses
      db.put(StoreFiles.utf8("key" + i), value);
    }
    db.flush();
  }

  private static void damageAll(Map<String, byte[]> contents, boolean isClosed) {
    contents.forEach((name, whole) -> {
      if (!name.equals("LOCK")) {
        damage(contents, name, whole, isClosed);
      }
    });
  }

  private static void damage(
      Map<String, byte[]> contents, String name, byte[] whole, boolean isClosed) {
    boolean isLog = name.endsWith(".log");
    int used = usedBytes(whole);
    boolean isUnusedLog = isLog && used <= SEGMENT_HEADER_BYTES;
    int end = isLog ? used : whole.length; // nobody reads what is behind the last group
    for (int at = (int) (SEED % STRIDE); at < end; at += STRIDE) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << at % Byte.SIZE);
      // a power cut may tear the last write to a log, and a segment that was not used yet
      boolean isTail = isLog && (!isClosed || at >= tailOffset(used));
      judge(contents, name, flipped, "flipped at " + at, !isTail && !isUnusedLog);
      judge(contents, name, Arrays.copyOf(whole, at), "cut at " + at, !isUnusedLog);
    }
    judge(contents, name, new byte[0], "empty", !isUnusedLog && !name.equals("COMMITTED"));
  }

  private static int usedBytes(byte[] whole) {
    int used = whole.length;
    while (used > 0 && whole[used - 1] == 0) {
      used--;
    }
    return used;
  }

  /// Where mark and seal begin of a log whose used bytes end with them.
  private static int tailOffset(int used) {
    return (used + Long.BYTES - 1) / Long.BYTES * Long.BYTES - TAIL_BYTES;
  }

  /// @param mustBeDamage else a note will do
  private static void judge(
      Map<String, byte[]> contents, String name, byte[] bytes, String what, boolean mustBeDamage) {
    Verified found = StoreFiles.verify(StoreFiles.with(contents, name, bytes));
    assertThat(mustBeDamage ? found.damages() : found.findings())
        .as(name + " " + what)
        .extracting(Finding::file)
        .contains(name);
  }
}
