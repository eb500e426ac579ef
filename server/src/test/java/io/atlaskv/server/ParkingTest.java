package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.server.SimServer.SimClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What commands that wait hold, and that it is given back.
class ParkingTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final long SECOND = 1_000_000_000;
  private static final int CLIENTS = 200;
  private static final int CONTEXTS_KEPT = 64;
  private static final String BY_WORKER = "BITOP NOT k large";

  private final SimServer sim = new SimServer(SEED, 2, Durability.OS);

  @BeforeEach
  void fill() {
    sim.store.sim().clock().advance(SECOND);
    SimClient client = sim.connect(1);
    client.command("SETRANGE large 1999999 x");
    sim.settle();
    client.hangUp();
    sim.settle();
  }

  private void assertThatKeyIsFree() {
    SimClient other = sim.connect(1);
    other.command("SET k v");
    sim.settle();
    assertThat(other.received()).isEqualTo("+OK\r\n");
  }

  /// The command has its latch already when it is to move to a worker. It needs no memory to give
  /// it back.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCommandThatCannotBeParkedGivesItsLatchesBack(boolean starvesReaders) {
    sim.hasInputMemory(0, false);
    sim.store.starveReaders(starvesReaders);
    SimClient starved = sim.connect(0);
    starved.command(BY_WORKER);
    sim.step(0);
    assertThat(starved.isClosed()).isTrue();
    assertThatKeyIsFree();
  }

  @Test
  void aCommandThatCannotBeParkedGivesTheLatchBackThatItHasWaitedFor() {
    SimClient owner = sim.connect(1);
    owner.command(BY_WORKER);
    sim.step(1);
    sim.hasInputMemory(0, false);
    SimClient starved = sim.connect(0);
    starved.command("SET k starved");
    sim.step(0);
    assertThat(starved.isClosed()).isTrue();
    sim.hasInputMemory(0, true);
    SimClient next = sim.connect(0);
    next.command("SET other v");
    sim.settle();
    assertThat(next.received()).isEqualTo("+OK\r\n");
    assertThat(owner.received()).isEqualTo(":2000000\r\n");
    assertThatKeyIsFree();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void contextsOfManyThatHaveWaitedAreFreed(boolean hangUp) {
    long before = sim.store.openBatches();
    for (int wave = 0; wave < 2; wave++) {
      List<SimClient> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SimClient client = sim.connect(0);
        client.command("WAIT 1 1000");
        clients.add(client);
      }
      sim.run();
      assertThat(sim.store.openBatches() - before).isGreaterThanOrEqualTo(CLIENTS);
      if (hangUp) {
        clients.forEach(SimClient::hangUp);
      } else {
        sim.store.sim().clock().advance(2 * SECOND);
      }
      sim.settle();
      assertThat(clients)
          .allSatisfy(client -> {
            assertThat(client.isClosed()).isEqualTo(hangUp);
            assertThat(client.received()).isEqualTo(hangUp ? "" : ":0\r\n");
          });
      assertThat(sim.store.openBatches() - before).isLessThanOrEqualTo(CONTEXTS_KEPT);
    }
  }
}
