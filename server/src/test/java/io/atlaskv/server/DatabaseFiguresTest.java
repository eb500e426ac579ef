package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.server.SimServer.SimClient;
import io.atlaskv.server.http.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `/metrics` tells of each database: each read and each row counts once, where it was done.
class DatabaseFiguresTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int ROW_BYTES = 1 + 12; // besides key and value: the type and the metadata
  private static final int RANGE_BYTES = 4; // of a whole namespace: its end

  private final SimServer sim = new SimServer(SEED, 2, Durability.OS);
  private final SimClient client = sim.connect(0);

  private void call(String command) {
    client.command(command);
    sim.settle();
  }

  private List<Figures.DatabaseUse> used() {
    return sim.server.figures(true).usedDatabases();
  }

  private Figures.DatabaseUse use(int number) {
    return used().stream().filter(use -> use.number() == number).findFirst().orElseThrow();
  }

  private void assertReads(int number, long hits, long misses, long hitBytes) {
    Figures.DatabaseUse use = use(number);
    assertThat(use.hits()).as("hits").isEqualTo(hits);
    assertThat(use.misses()).as("misses").isEqualTo(misses);
    assertThat(use.hitBytes()).as("hitBytes").isEqualTo(hitBytes);
  }

  private void assertWrites(int number, long rows, long bytes) {
    assertThat(use(number).writtenRows()).as("writtenRows").isEqualTo(rows);
    assertThat(use(number).writtenBytes()).as("writtenBytes").isEqualTo(bytes);
  }

  @Test
  void databasesOfWhichThereIsNothingToTellAreLeftOut() {
    assertThat(used()).isEmpty();
    call("SELECT 5");
    assertThat(used()).isEmpty();
    call("GET a");
    assertThat(used()).containsExactly(new Figures.DatabaseUse(5, 0, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void aTransactionCountsWhereItIs() {
    call("MSET a 12 b 345");
    call("MULTI");
    call("GET a");
    call("SELECT 2");
    call("GET a");
    call("SET c 6789");
    call("GET c");
    call("SELECT 0");
    call("MGET a b nosuch");
    call("EXEC");
    assertReads(0, 3, 1, 7);
    assertReads(2, 1, 1, 4);
    assertWrites(0, 2, 2 * ROW_BYTES + 7);
    assertWrites(2, 1, ROW_BYTES + 5);
  }

  @Test
  void whatRunsAgainCountsOnce() {
    call("MSET a 1 b 2");
    sim.store.missFirst();
    call("MULTI");
    call("GET a");
    call("SET b 3");
    call("GET b");
    call("GET nosuch");
    call("EXEC");
    assertReads(0, 2, 1, 2);
    assertWrites(0, 3, 3 * ROW_BYTES + 6);
  }

  @Test
  void whatWasWrittenStaysWhenADatabaseIsEmptied() {
    call("SET a 1");
    long whole = use(0).bytes();
    assertThat(whole).isEqualTo(2);
    call("FLUSHDB");
    assertThat(use(0).bytes()).isZero();
    long emptied = ROW_BYTES + 2 + RANGE_BYTES;
    assertWrites(0, 2, emptied);
    call("SET a 1");
    assertWrites(0, 3, emptied + ROW_BYTES + 2);
  }

  @Test
  void whatATransactionWritesBetweenTwoFlushesCounts() {
    call("SET a 1");
    call("MULTI");
    call("FLUSHDB");
    call("SET b 1");
    call("SET c 1");
    call("FLUSHDB");
    call("SET d 1");
    call("EXEC");
    assertThat(use(0).writtenRows()).as("four keys, two ranges").isEqualTo(6);
    call("SET e 1");
    assertThat(use(0).writtenRows()).isEqualTo(7);
  }

  @Test
  void whatWasWrittenStaysWithTheNumberWhenDatabasesChangePlaces() {
    call("MSET a 1 b 1 c 1");
    call("SELECT 1");
    call("SET a 1");
    call("SWAPDB 0 1");
    assertWrites(0, 3, 3 * ROW_BYTES + 6);
    assertWrites(1, 1, ROW_BYTES + 2);
    call("MSET d 1 e 1");
    assertWrites(0, 3, 3 * ROW_BYTES + 6);
    assertWrites(1, 3, 3 * ROW_BYTES + 6);
    assertThat(use(0).bytes()).isEqualTo(2);
    assertThat(use(1).bytes()).isEqualTo(10);
    call("MULTI");
    call("FLUSHDB");
    call("SET f 1");
    call("SWAPDB 0 1");
    call("SET g 1");
    call("EXEC");
    assertThat(use(1).writtenRows()).as("and a range, f and g").isGreaterThanOrEqualTo(5);
    assertThat(use(0).writtenRows() + use(1).writtenRows()).isEqualTo(9);
  }

  @Test
  void aTransactionThatCountsForNothingWritesNothing() {
    call("SET a 1");
    call("WATCH a");
    SimClient other = sim.connect(1);
    other.command("SET a 2");
    sim.settle();
    call("MULTI");
    call("GET a");
    call("FLUSHDB");
    call("SET b 1");
    call("EXEC");
    assertReads(0, 0, 0, 0);
    assertWrites(0, 2, 2 * ROW_BYTES + 4);
  }

  @Test
  void bytesInTablesAreThoseOfTheDatabase() {
    call("SET a " + "x".repeat(10_000));
    call("SELECT 3");
    call("SET a " + "y".repeat(10_000));
    assertThat(use(3).tableBytes()).isZero();
    sim.store.flush();
    assertThat(use(0).tableBytes()).isPositive();
    assertThat(use(3).tableBytes()).isPositive();
    assertThat(used()).hasSize(2);
  }
}
