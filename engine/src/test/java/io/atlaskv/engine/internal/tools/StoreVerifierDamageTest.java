package io.atlaskv.engine.internal.tools;

import static io.atlaskv.engine.internal.tools.StoreFiles.SEED;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.tools.StoreFiles.Verified;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Bytes of every file of a small store are flipped, and files cut: a verification names the file.
class StoreVerifierDamageTest {
  /// Every so many bytes one is damaged.
  private static final int STRIDE = Integer.getInteger("atlaskv.damage.stride", 31);

  /// A mark and the seal: nothing is lost with them.
  private static final int TAIL_BYTES = 2 * 40;

  private static final int SEGMENT_HEADER_BYTES = 88;

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
