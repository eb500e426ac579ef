package io.atlaskv.engine.internal.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.internal.base.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteSetTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=WriteSetTest -Datlaskv.seed=" + SEED;
  private static final byte[] FIRST = {};
  private static final byte[] END = {127};
  private static final int STEPS = 20_000;

  private record Saved(Transaction.Savepoint savepoint, String content) {}

  /// Of a namespace.
  private static byte[] key(int number) {
    return new byte[] {0, 0, 0, 64, (byte) (number >> 8), (byte) number};
  }

  private static String content(WriteSet writes) {
    var text = new StringBuilder().append(writes.bytes());
    writes
        .deleted()
        .forEach((start, end) ->
            text.append(" [").append(Bytes.of(start)).append(' ').append(Bytes.of(end)));
    writes
        .points(FIRST, END)
        .forEach((key, write) -> {
          byte[] value = write.value();
          text.append(' ').append(Bytes.of(key)).append('=');
          text.append(value == null ? "-" : Bytes.of(value));
        });
    return text.toString();
  }

  /// Whatever comes between, what there was at a savepoint is there again.
  @Test
  void rollbacksLeadBackToSavepoints() {
    var random = new Random(SEED);
    var writes = new WriteSet();
    List<Saved> savepoints = new ArrayList<>();
    int rollbacks = 0;
    for (int step = 0; step < STEPS; step++) {
      int number = random.nextInt(40);
      switch (random.nextInt(10)) {
        case 0 -> writes.deleteRange(key(number), key(number + random.nextInt(6)));
        case 1 -> writes.delete(key(number));
        case 2 -> {
          if (random.nextInt(4) == 0) {
            savepoints.add(new Saved(writes.savepoint(), content(writes)));
          }
        }
        case 3 -> {
          if (!savepoints.isEmpty() && random.nextInt(6) == 0) {
            int to = Math.max(0, savepoints.size() - 1 - random.nextInt(3));
            writes.rollbackTo(savepoints.get(to).savepoint());
            assertEquals(savepoints.get(to).content(), content(writes), REPRO + " step " + step);
            savepoints.subList(to + 1, savepoints.size()).clear();
            rollbacks++;
          }
        }
        default -> writes.put(key(number), key(step), Lookup.NEVER);
      }
    }
    assertTrue(rollbacks > 100, REPRO);
  }

  /// What is written again and again behind a savepoint is not kept each time.
  @Test
  void overwritingTakesNoMemoryBehindASavepoint() {
    var writes = new WriteSet();
    writes.put(key(1), key(0), Lookup.NEVER);
    Transaction.Savepoint first = writes.savepoint();
    for (int i = 1; i <= 1_000; i++) {
      writes.put(key(1), key(i), Lookup.NEVER);
    }
    assertEquals(1, writes.undoSteps());
    Transaction.Savepoint second = writes.savepoint();
    writes.delete(key(1));
    assertEquals(2, writes.undoSteps());
    writes.rollbackTo(second);
    assertEquals(Bytes.of(key(1_000)), value(writes));
    writes.rollbackTo(first);
    assertEquals(Bytes.of(key(0)), value(writes));
  }

  private static Bytes value(WriteSet writes) {
    WriteSet.Write write = writes.find(key(1));
    byte[] value = write == null ? null : write.value();
    return value == null ? Bytes.EMPTY : Bytes.of(value);
  }

  /// Each deletion behind a savepoint used to keep a copy of all those before it.
  @Test
  void deletedRangesBehindASavepointAreKeptOnce() {
    var writes = new WriteSet();
    Transaction.Savepoint savepoint = writes.savepoint();
    int ranges = 20_000;
    for (int i = 0; i < ranges; i++) {
      writes.deleteRange(key(2 * i), key(2 * i + 1));
    }
    assertEquals(ranges, writes.deleted().count());
    writes.rollbackTo(savepoint);
    assertTrue(writes.isEmpty());
  }
}
