package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.api.Subscription;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a store on a real directory tells its listeners and the flight recorder.
class ListenerTest {
  private static final int KEYS = 2_000;
  private static final long WAIT_SECONDS = 60;

  @TempDir private Path directory;

  private final BlockingQueue<StoreEvent> queue = new LinkedBlockingQueue<>();
  private final List<StoreEvent> heard = new ArrayList<>();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void fill(Db db, int round) {
    for (int i = 0; i < KEYS; i++) {
      db.put(bytes("key" + i), bytes("value" + round + "." + i));
    }
  }

  /// Waits for the next event of a type, and keeps all before it.
  private <T extends StoreEvent> T await(Class<T> type) throws InterruptedException {
    while (true) {
      StoreEvent event = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(event).as("no %s came after %s", type, heard).isNotNull();
      heard.add(event);
      if (type.isInstance(event)) {
        return type.cast(event);
      }
    }
  }

  private static boolean isMerge(StoreEvent event) {
    return event instanceof StoreEvent.CompactionEnded merge
        && merge.writtenBytes() > 0
        && merge.readBytes() > merge.writtenBytes();
  }

  @Test
  void flushesCompactionsTablesAndSyncsAreTold() throws Exception {
    try (Db db = AtlasKv.open(directory)) {
      db.listen(queue::add);
      db.put(bytes("first"), bytes("1"), Durability.ALWAYS);
      StoreEvent.Synced synced = await(StoreEvent.Synced.class);
      assertThat(synced.durableSequence()).isEqualTo(1);
      assertThat(synced.nanos()).isPositive();

      fill(db, 1);
      db.flush();
      StoreEvent.FlushBegan began = await(StoreEvent.FlushBegan.class);
      assertThat(began.entries()).isEqualTo(KEYS + 1);
      StoreEvent.TableCreated created = await(StoreEvent.TableCreated.class);
      assertThat(created.level()).isZero();
      assertThat(created.entries()).isEqualTo(KEYS + 1);
      assertThat(Files.size(directory.resolve(created.file()))).isEqualTo(created.bytes());
      StoreEvent.FlushEnded ended = await(StoreEvent.FlushEnded.class);
      assertThat(ended.tableBytes()).isEqualTo(created.bytes());
      assertThat(ended.nanos()).isPositive();

      fill(db, 2);
      db.compact();
      var made = new HashSet<String>(Set.of(created.file()));
      var deleted = new HashSet<String>();
      do {
        await(StoreEvent.class); // deletions may be told before what has replaced the tables
        made.addAll(created());
        deleted.addAll(deleted());
        made.removeAll(deleted);
      } while (deleted.isEmpty() || !made.equals(tableFiles()));
      assertThat(deleted).contains(created.file());
      assertThat(heard).anyMatch(event -> event instanceof StoreEvent.CompactionBegan);
      while (heard.stream().noneMatch(ListenerTest::isMerge)) {
        await(StoreEvent.class);
      }
    }
  }

  private List<String> created() {
    return heard.stream()
        .filter(event -> event instanceof StoreEvent.TableCreated)
        .map(event -> ((StoreEvent.TableCreated) event).file())
        .toList();
  }

  private List<String> deleted() {
    return heard.stream()
        .filter(event -> event instanceof StoreEvent.TableDeleted)
        .map(event -> ((StoreEvent.TableDeleted) event).file())
        .toList();
  }

  private Set<String> tableFiles() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".sst"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void aListenerMayWriteAndThrowAndBeClosed() throws Exception {
    try (Db db = AtlasKv.open(directory)) {
      db.listen(event -> {
        if (event instanceof StoreEvent.FlushEnded) {
          db.put(bytes("flushed"), bytes("yes"));
        }
        throw new IllegalStateException("planted");
      });
      Subscription other = db.listen(queue::add);
      fill(db, 1);
      db.flush();
      await(StoreEvent.FlushEnded.class);
      assertThat(db.get(bytes("flushed"))).isEqualTo(bytes("yes"));
      other.close();
      db.compact();
      assertThat(queue.stream().filter(event -> event instanceof StoreEvent.CompactionEnded))
          .isEmpty();
    }
  }

  @Test
  void aStallIsTold() throws Exception {
    Options tiny = Options.DEFAULT.withMemtableEntriesMax(1).withMemtableBytes(1 << 20);
    try (Db db = AtlasKv.open(directory, tiny)) {
      db.listen(event -> {
        if (event instanceof StoreEvent.Stalled) {
          queue.add(event);
        }
      });
      int round = 0;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      while (queue.isEmpty()) { // a flush takes its syncs for each entry, a put does not
        assertThat(System.nanoTime() - end).as("no stall in %d puts", round).isNegative();
        db.put(bytes("key" + round++), bytes("value"));
      }
      assertThat(await(StoreEvent.Stalled.class).nanos()).isPositive();
      assertThat(db.statistics().stallNanos()).isPositive();
    }
  }

  @Test
  void theFlightRecorderHasThem() throws Exception {
    Path file = directory.resolve("recording.jfr");
    try (var recording = new Recording()) {
      for (String name : List.of("Flush", "Compaction", "Sync", "Stall")) {
        recording.enable("io.atlaskv." + name);
      }
      recording.start();
      try (Db db = AtlasKv.open(directory.resolve("store"))) {
        fill(db, 1);
        db.flush();
        fill(db, 2);
        db.compact();
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .contains("io.atlaskv.Flush", "io.atlaskv.Compaction", "io.atlaskv.Sync");
    for (RecordedEvent event : events) {
      switch (event.getEventType().getName()) {
        case "io.atlaskv.Flush" -> {
          assertThat(event.getLong("entries")).isEqualTo(KEYS);
          assertThat(event.getLong("tableBytes")).isPositive();
          assertThat(event.getDuration()).isPositive();
        }
        case "io.atlaskv.Compaction" -> assertThat(event.getString("reason")).isNotEmpty();
        case "io.atlaskv.Sync" -> assertThat(event.getDuration()).isPositive();
        default -> assertThat(event.getEventType().getName()).isEqualTo("io.atlaskv.Stall");
      }
    }
  }
}
