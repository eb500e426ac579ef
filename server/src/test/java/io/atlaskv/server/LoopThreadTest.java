package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.server.SimServer.SimClient;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopThreadTest {
  /// Runs what a test gives it instead of waiting for events.
  private record Scripted(Runnable round) implements Poller {
    @Override
    public void poll(long timeoutNanos, EventLoop loop) {
      round.run();
    }

    @Override
    public void wakeUp() {}

    @Override
    public void close() {}
  }

  @Test
  void anErrorEndsTheLoopSendsItsClientsAwayAndIsTold() throws Exception {
    var sim = new SimServer(1, 1, Durability.OS);
    var error = new OutOfMemoryError("planted");
    var poller =
        new Scripted(() -> {
          throw error;
        });
    EventLoop loop = sim.server.addLoop(poller);
    var client = new SimClient();
    loop.open(client, Protocol.RESP);
    var told = new CompletableFuture<Error>();
    var thread = new LoopThread(1, loop, told::complete);
    thread.start();
    assertThat(told.get(1, TimeUnit.MINUTES)).isSameAs(error);
    thread.awaitEnd();
    assertThat(client.isClosed()).isTrue();
    assertThat(sim.server.connectionCount()).isZero();
  }

  @Test
  void anExceptionDoesNotEndTheLoop() throws Exception {
    var sim = new SimServer(1, 1, Durability.OS);
    var rounds = new CompletableFuture<Integer>();
    int[] count = {0};
    var poller =
        new Scripted(() -> {
          if (++count[0] <= 3) {
            throw new IllegalStateException("planted");
          }
          rounds.complete(count[0]);
        });
    var told = new CompletableFuture<Error>();
    var thread = new LoopThread(1, sim.server.addLoop(poller), told::complete);
    thread.start();
    assertThat(rounds.get(1, TimeUnit.MINUTES)).isEqualTo(4);
    thread.requestStop();
    thread.awaitEnd();
    assertThat(told).isNotDone();
  }

  @Test
  void aServerWithABrokenLoopIsNeitherHealthyNorReady() throws IOException {
    var health = new ServerHealth();
    health.serving(new SimServer(1, 1, Durability.OS).server);
    assertThat(health.sickness()).isEmpty();
    assertThat(health.unreadiness()).isEmpty();
    health.broken();
    assertThat(health.sickness()).isNotEmpty();
    assertThat(health.unreadiness()).isNotEmpty();
  }
}
