package io.atlaskv.example.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStoreTest {
  private static final String PAID = "paid";
  private static final Options OPTIONS =
      Options.DEFAULT.withLogRetainedSegments(5).withHistoryWindow(Duration.ofHours(1));
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir private Path directory;
  private Instant now = START;
  private Db db;
  private EventStore store;

  @BeforeEach
  void open() {
    db = AtlasKv.open(directory, OPTIONS);
    store = new EventStore(db, () -> now);
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void eventsComeBackInOrder() {
    store.append("ada", 0, PAID, 3);
    store.append("adam", 0, PAID, 100);
    store.append("ada", 1, "sent", 1);
    assertThat(store.events("ada"))
        .containsExactly(
            new Event("ada", 1, START, PAID, 3), new Event("ada", 2, START, "sent", 1));
    assertThat(store.version("ada")).isEqualTo(2);
    assertThat(store.version("eve")).isZero();
  }

  @Test
  void whoHasNotSeenTheLastEventIsRefused() {
    store.append("ada", 0, PAID, 3);
    assertThatThrownBy(() -> store.append("ada", 0, PAID, 4))
        .isInstanceOf(StaleVersionException.class)
        .hasMessage("stream ada: expected version 0, found 1");
    assertThat(store.version("ada")).isEqualTo(1);
  }

  @Test
  void ofWritersThatHaveSeenTheSameOneWins() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      threads.add(Thread.ofVirtual().start(this::appendFifty));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(store.events("ada").map(Event::version))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 200).boxed().toList());
  }

  private void appendFifty() {
    for (int i = 0; i < 50; ) {
      try {
        store.append("ada", store.version("ada"), PAID, 1);
        i++;
      } catch (StaleVersionException _) {
        // read the version and try again
      }
    }
  }

  @Test
  void whatWasTrueAtAnInstant() {
    for (int minute = 0; minute < 5; minute++) {
      now = START.plusSeconds(60L * minute);
      store.append("ada", minute, PAID, 10);
    }
    close();
    open();
    assertThat(balance(START.minusNanos(1))).isZero();
    assertThat(balance(START)).isEqualTo(10);
    assertThat(balance(START.plusSeconds(150))).isEqualTo(30);
    assertThat(balance(START.plusSeconds(1_000))).isEqualTo(50);
  }

  private long balance(Instant instant) {
    return store.stateAt("ada", instant, PAID, Long::sum);
  }

  @Test
  void timeDoesNotGoBackInAStream() {
    store.append("ada", 0, PAID, 1);
    now = START.minusSeconds(60);
    store.append("ada", 1, PAID, 1);
    assertThat(store.events("ada").map(Event::at)).containsExactly(START, START);
  }

  @Test
  void aProjectionFollowsAndGoesOnAfterARestart() {
    var totals = new Totals(db);
    store.append("ada", 0, PAID, 3);
    store.append("eve", 0, PAID, 4);
    totals.update();
    totals.update();
    assertThat(totals.of(PAID)).isEqualTo(7);

    store.append("ada", 1, PAID, 5);
    db.flush();
    close();
    open();
    totals = new Totals(db);
    assertThat(totals.of(PAID)).isEqualTo(7);
    totals.update();
    assertThat(List.of(totals.of(PAID), totals.of("sent"))).containsExactly(12L, 0L);
  }

  @Test
  void aProjectionTellsWhatItToldThen() {
    var totals = new Totals(db);
    store.append("ada", 0, PAID, 3);
    totals.update();
    long then = db.statistics().lastSequence();
    store.append("ada", 1, PAID, 4);
    totals.update();
    db.compact();
    close();
    Instant closed = Instant.now();
    open();
    totals = new Totals(db);
    store.append("ada", 2, PAID, 5);
    totals.update();
    assertThat(totals.of(PAID, then)).isEqualTo(3);
    assertThat(totals.of(PAID, closed)).isEqualTo(7);
    assertThat(totals.of(PAID)).isEqualTo(12);
    assertThatThrownBy(() -> new Totals(db).of(PAID, Instant.EPOCH))
        .isInstanceOf(HistoryGoneException.class);
  }
}
