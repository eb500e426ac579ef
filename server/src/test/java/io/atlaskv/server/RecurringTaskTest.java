package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RecurringTaskTest {
  private static final long PAUSE_NANOS = 1_000;

  private final SimServer sim = new SimServer(1, 1, Durability.OS);
  private int turns;

  private void start(Runnable action) {
    new RecurringTask(sim.loop(0), PAUSE_NANOS, "planting", action).start();
  }

  private void pass() {
    sim.store.sim().clock().advance(PAUSE_NANOS);
    sim.step(0);
  }

  @Test
  void aTurnThatFailsIsNotTheLastAndIsToldOnce() {
    var told = new ArrayList<String>();
    Logger logger = Logger.getLogger(RecurringTask.class.getName());
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            told.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      List<Integer> good = List.of(3, 4);
      start(() -> {
        if (!good.contains(++turns)) {
          throw new IllegalStateException("planted");
        }
      });
      for (int i = 0; i < 6; i++) {
        pass();
      }
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(turns).isEqualTo(6);
    assertThat(told).hasSize(2).allMatch(line -> line.startsWith("planting failed"));
  }

  @Test
  void anErrorIsForTheLoop() {
    var error = new LinkageError("planted");
    start(() -> {
      turns++;
      throw error;
    });
    assertThatThrownBy(this::pass).isSameAs(error);
    assertThatThrownBy(this::pass).isSameAs(error);
    assertThat(turns).isEqualTo(2);
  }
}
