package io.atlaskv.redis.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.command.LocalClient;
import io.atlaskv.redis.store.SimStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScanCursorsTest {
  private static final int NAMESPACE = 7;

  private static ScanCursors cursors(long bytesMax) {
    return new ScanCursors(new Random(1)::nextLong, bytesMax);
  }

  private static byte[] key(int number, int length) {
    return ("%0" + length + "d").formatted(number).getBytes(ISO_8859_1);
  }

  @Test
  void aScanGoesOnWhereItWas() {
    ScanCursors cursors = cursors(1 << 20);
    long cursor = cursors.remember(NAMESPACE, key(1, 5));
    assertThat(cursors.resumeAfter(NAMESPACE, cursor)).isEqualTo(key(1, 5));
    assertThat(cursors.resumeAfter(NAMESPACE + 1, cursor)).isNull();
    assertThat(cursors.resumeAfter(NAMESPACE, cursor + 1)).isNull();
    assertThat(cursors.resumeAfter(NAMESPACE, 0)).isNull();
    assertThat(cursors.resumeAfter(NAMESPACE, -1)).isNull();
  }

  @Test
  void longKeysTakeNoMoreMemoryThanTheBound() {
    ScanCursors cursors = cursors(1 << 20);
    var given = new ArrayList<Long>();
    for (int i = 0; i < 1_000; i++) {
      given.add(cursors.remember(NAMESPACE, key(i, 60_000)));
      assertThat(cursors.heldBytes()).isLessThanOrEqualTo(1 << 20);
    }
    assertThat(cursors.resumeAfter(NAMESPACE, given.getFirst())).isNull();
    assertThat(cursors.resumeAfter(NAMESPACE, given.getLast())).isEqualTo(key(999, 60_000));
    assertThat(cursors.resumeAfter(NAMESPACE, given.get(990))).isEqualTo(key(990, 60_000));
  }

  @Test
  void theSamePlaceIsRememberedOnceAndIsYoungAgain() {
    ScanCursors cursors = cursors(3_000);
    long first = cursors.remember(NAMESPACE, key(0, 5));
    for (int i = 1; i < 1_000; i++) {
      cursors.remember(NAMESPACE, key(i, 5));
      assertThat(cursors.remember(NAMESPACE, key(0, 5))).isEqualTo(first);
    }
    assertThat(cursors.resumeAfter(NAMESPACE, first)).isEqualTo(key(0, 5));
    long other = cursors.remember(NAMESPACE + 1, key(0, 5));
    assertThat(other).isNotEqualTo(first);
    assertThat(cursors.resumeAfter(NAMESPACE, first)).isEqualTo(key(0, 5));
  }

  @Test
  void numbersArePositiveAndExactInJavaScript() {
    for (long drawn : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      var cursors = new ScanCursors(() -> drawn);
      assertThat(cursors.remember(NAMESPACE, key(1, 5))).isBetween(1L, 1L << 53);
    }
  }

  /// A cursor of before the restart is none of after it, so the scan begins again and misses none.
  @Test
  void aScanAcrossARestartMissesNoKey() {
    SimStore before = SimStore.create(1, Durability.OS);
    var client = new LocalClient(before);
    for (int i = 0; i < 50; i++) {
      client.call("SET", "key:%03d".formatted(i), "v");
    }
    var seen = new ArrayList<String>();
    String cursor = scan(client, "0", 2, seen);
    before.writeLog();
    before.requestSync();
    before.settle();
    try (SimStore after = before.afterPowerCut(2)) {
      var restarted = new LocalClient(after);
      scan(restarted, "0", 30, new ArrayList<>()); // takes the first number of this process
      while (!cursor.equals("0")) {
        cursor = scan(restarted, cursor, 10, seen);
      }
    }
    assertThat(seen).hasSize(52).contains("key:002", "key:029");
  }

  /// Adds the keys of one call; returns the next cursor.
  private static String scan(LocalClient client, String cursor, int count, List<String> keys) {
    String[] lines =
        client.call("SCAN", cursor, "COUNT", Integer.toString(count)).split("\r\n", -1);
    for (int i = 5; i < lines.length; i += 2) {
      keys.add(lines[i]);
    }
    return lines[2];
  }
}
