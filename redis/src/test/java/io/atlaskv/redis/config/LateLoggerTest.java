package io.atlaskv.redis.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LateLoggerTest {
  /// What the loggers of the JDK were told under the name of this class.
  private final class Heard extends Handler {
    @Override
    public void publish(LogRecord line) {
      heard.add(line.getLevel() + " " + line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final List<String> heard = new ArrayList<>();
  private final Logger target = Logger.getLogger(LateLoggerTest.class.getName());
  private final Handler handler = new Heard();
  private final LateLogger logger = new LateLogger(LateLoggerTest.class);

  @BeforeEach
  void listen() {
    target.setUseParentHandlers(false);
    target.setLevel(java.util.logging.Level.ALL);
    handler.setLevel(java.util.logging.Level.ALL);
    target.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    target.removeHandler(handler);
    LateLogger.least(Level.INFO);
  }

  @Test
  void messagesReachTheLoggerOfTheName() {
    logger.log(Level.WARNING, "one");
    logger.log(Level.ERROR, "two", new IllegalStateException("why"));
    logger.log(Level.INFO, "three {0}", 3);
    assertThat(heard).containsExactly("WARNING one", "SEVERE two", "INFO three {0}");
    assertThat(logger.getName()).isEqualTo(LateLoggerTest.class.getName());
  }

  @Test
  void messagesBelowTheLeastLevelAreDropped() {
    logger.log(Level.DEBUG, "quiet");
    assertThat(logger.isLoggable(Level.DEBUG)).isFalse();
    LateLogger.least(Level.DEBUG);
    assertThat(logger.isLoggable(Level.DEBUG)).isTrue();
    logger.log(Level.DEBUG, "loud");
    assertThat(heard).containsExactly("FINE loud");
  }
}
