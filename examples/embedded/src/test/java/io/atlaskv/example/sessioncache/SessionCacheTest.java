package io.atlaskv.example.sessioncache;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SessionCacheTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int PLENTY = 100;

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

  @Test
  void aSessionIsFoundByItsToken() {
    var cache = new SessionCache(db, HOUR, PLENTY);
    Session session = cache.begin("ada", "cart: 1");
    assertThat(cache.use(session.token())).contains(session);
    assertThat(cache.use(UUID.randomUUID())).isEmpty();
    cache.end(session.token());
    assertThat(cache.use(session.token())).isEmpty();
    assertThat(cache.tokens("ada")).isEmpty();
  }

  @Test
  void sessionsSurviveARestart() {
    Session session = new SessionCache(db, HOUR, PLENTY).begin("ada", "x");
    close();
    open();
    assertThat(new SessionCache(db, HOUR, PLENTY).use(session.token())).contains(session);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void whatIsNotUsedEndsWithItsIndex() {
    var brief = new SessionCache(db, Duration.ofMillis(1), PLENTY);
    brief.begin("ada", "x");
    while (!brief.tokens("ada").isEmpty()) {
      Thread.onSpinWait();
    }
    Session kept = new SessionCache(db, HOUR, PLENTY).begin("ada", "y");
    assertThat(brief.tokens("ada")).containsExactly(kept.token());
  }

  @Test
  void useProlongs() {
    Session session = new SessionCache(db, HOUR, PLENTY).begin("ada", "x");
    new SessionCache(db, HOUR.multipliedBy(2), PLENTY).use(session.token());
    assertThat(db.namespace("sessions").expiryOf(session.key())).isAfter(Instant.now().plus(HOUR));
  }

  @Test
  void allSessionsOfAUserEnd() {
    var cache = new SessionCache(db, HOUR, PLENTY);
    cache.begin("ada", "x");
    cache.begin("ada", "y");
    Session other = cache.begin("adam", "z");
    cache.endAll("ada");
    assertThat(cache.tokens("ada")).isEmpty();
    assertThat(cache.tokens("adam")).containsExactly(other.token());
  }

  @Test
  void oneTooManyEndsWhatWasNotUsedForTheLongestTime() {
    Session first = new SessionCache(db, HOUR, 2).begin("ada", "1");
    Session second = new SessionCache(db, HOUR.multipliedBy(2), 2).begin("ada", "2");
    var cache = new SessionCache(db, HOUR.multipliedBy(3), 2);
    cache.use(first.token());
    Session third = cache.begin("ada", "3");
    assertThat(cache.tokens("ada")).containsExactlyInAnyOrder(first.token(), third.token());
    assertThat(cache.use(second.token())).isEmpty();
    cache.begin("eve", "4");
    assertThat(cache.tokens("ada")).hasSize(2);
  }

  @Test
  void loginsAtOnceAreCounted() throws Exception {
    var cache = new SessionCache(db, HOUR, 3);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 20; i++) {
      threads.add(Thread.ofVirtual().start(() -> cache.begin("ada", "x")));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(cache.tokens("ada")).hasSize(3);
  }
}
