package io.atlaskv.redis.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// However many keys have expired and are not deleted yet, walking past them keeps no loop from its
/// other clients. There is no expirer here.
class ExpiredKeysInTheWayTest {
  private static final int EXPIRED = 3_000;
  private static final long SECOND = 1_000_000_000;

  private final SimStore store = SimStore.create(1, Durability.OS);
  private final LocalClient client = new LocalClient(store);

  @BeforeEach
  void fill() {
    for (int i = 0; i < EXPIRED; i++) {
      client.call("SET", "k" + (10_000 + i), "v", "PX", "10");
    }
    client.call("SET", "z", "v");
    store.sim().clock().advance(SECOND);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aPageOfScanCountsThem() {
    String cursor = "0";
    var found = new StringBuilder();
    int pages = 0;
    do {
      String[] lines = client.call("SCAN", cursor, "COUNT", "100").split("\r\n", -1);
      cursor = lines[2];
      found.append(lines[3].equals("*0") ? "" : lines[5]);
      pages++;
    } while (!cursor.equals("0"));
    assertThat(found).hasToString("z");
    assertThat(pages).isEqualTo(EXPIRED / 100 + 1);
    assertThat(client.workerRuns()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100})
  void aScanFindsEachLiveKeyBetweenThemOnce(int count) {
    var live = new ArrayList<String>();
    for (int i = 0; i < EXPIRED; i += 499) {
      live.add("k" + (10_000 + i));
      client.call("SET", live.getLast(), "v");
    }
    live.add("z");
    var found = new ArrayList<String>();
    String cursor = "0";
    do {
      String[] lines =
          client.call("SCAN", cursor, "COUNT", Integer.toString(count)).split("\r\n", -1);
      cursor = lines[2];
      for (int i = 5; i < lines.length; i += 2) {
        found.add(lines[i]);
      }
    } while (!cursor.equals("0"));
    assertThat(found).isEqualTo(live);
  }

  @ParameterizedTest
  @CsvSource({
    "RANGE - + LIMIT 10, '*2\r\n$-1\r\n*1\r\n$1\r\nz\r\n'",
    "RANGE - [y REV LIMIT 10, '*2\r\n$-1\r\n*0\r\n'"
  })
  void aPageOfRangeIsFilledOnAWorker(String command, String reply) {
    assertThat(client.call(command.split(" "))).isEqualTo(reply);
    assertThat(client.workerRuns()).isOne();
  }

  @Test
  void aRandomKeyIsLookedForOnAWorkerIfNoneLives() {
    client.call("DEL", "z");
    assertThat(client.call("RANDOMKEY")).isEqualTo("$-1\r\n");
    assertThat(client.workerRuns()).isOne();
  }

  @Test
  void aFewOfThemAreNoReasonToLeaveTheLoop() {
    assertThat(client.call("RANGE", "[k12990", "+")).isEqualTo("*2\r\n$-1\r\n*1\r\n$1\r\nz\r\n");
    assertThat(client.workerRuns()).isZero();
  }
}
