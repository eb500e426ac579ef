package io.atlaskv.example.sessioncache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.QuotaExceededException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SessionCacheTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int PLENTY = 100;
  private static final long BYTES_MAX = 1_000;

  @TempDir private Path directory;
  private Db db;

  @BeforeEach
  void open() {
    db = AtlasKv.open(directory);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private SessionCache cache(Duration lifetime, int sessionsMax) {
    return new SessionCache(db, lifetime, sessionsMax, BYTES_MAX);
  }

  @Test
  void aSessionIsFoundByItsToken() {
    var cache = cache(HOUR, PLENTY);
    Session session = cache.begin("ada", "cart: 1");
    assertThat(cache.use(session.token())).contains(session);
    assertThat(cache.use(UUID.randomUUID())).isEmpty();
    cache.end(session.token());
    assertThat(cache.use(session.token())).isEmpty();
    assertThat(cache.tokens("ada")).isEmpty();
  }

  @Test
  void sessionsSurviveARestart() {
    Session session = cache(HOUR, PLENTY).begin("ada", "x");
    close();
    open();
    assertThat(cache(HOUR, PLENTY).use(session.token())).contains(session);
  }

  @Test
  @Timeout(60)
  void whatIsNotUsedEndsWithItsIndex() {
    var brief = cache(Duration.ofMillis(1), PLENTY);
    brief.begin("ada", "x");
    while (!brief.tokens("ada").isEmpty()) {
      Thread.onSpinWait();
    }
    Session kept = cache(HOUR, PLENTY).begin("ada", "y");
    assertThat(brief.tokens("ada")).containsExactly(kept.token());
  }

  @Test
  void useProlongs() {
    Session session = cache(HOUR, PLENTY).begin("ada", "x");
    cache(HOUR.multipliedBy(2), PLENTY).use(session.token());
    assertThat(db.namespace("sessions").expiryOf(session.key())).isAfter(Instant.now().plus(HOUR));
  }

  @Test
  void allSessionsOfAUserEnd() {
    var cache = cache(HOUR, PLENTY);
    cache.begin("ada", "x");
    cache.begin("ada", "y");
    Session other = cache.begin("adam", "z");
    cache.endAll("ada");
    assertThat(cache.tokens("ada")).isEmpty();
    assertThat(cache.tokens("adam")).containsExactly(other.token());
  }

  @Test
  void oneTooManyEndsWhatWasNotUsedForTheLongestTime() {
    Session first = cache(HOUR, 2).begin("ada", "1");
    Session second = cache(HOUR.multipliedBy(2), 2).begin("ada", "2");
    var cache = cache(HOUR.multipliedBy(3), 2);
    cache.use(first.token());
    Session third = cache.begin("ada", "3");
    assertThat(cache.tokens("ada")).containsExactlyInAnyOrder(first.token(), third.token());
    assertThat(cache.use(second.token())).isEmpty();
    cache.begin("eve", "4");
    assertThat(cache.tokens("ada")).hasSize(2);
  }

  @Test
  void loginsAtOnceAreCounted() throws Exception {
    var cache = cache(HOUR, 3);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 20; i++) {
      threads.add(Thread.ofVirtual().start(() -> cache.begin("ada", "x")));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(cache.tokens("ada")).hasSize(3);
  }

  @Test
  @Timeout(60)
  void whatIsOverMakesRoom() {
    String data = "x".repeat((int) BYTES_MAX / 2);
    var brief = cache(Duration.ofMillis(1), PLENTY);
    Session first = brief.begin("ada", data);
    while (!brief.tokens("ada").isEmpty()) {
      Thread.onSpinWait();
    }
    var cache = cache(HOUR, PLENTY);
    Session second = cache.begin("eve", data);
    assertThat(cache.tokens("eve")).containsExactly(second.token());
    assertThat(cache.use(first.token())).isEmpty();
    assertThatThrownBy(() -> cache.begin("ada", data)).isInstanceOf(QuotaExceededException.class);
    assertThat(cache.tokens("ada")).isEmpty();
  }
}
