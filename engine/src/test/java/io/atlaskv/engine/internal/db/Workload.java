package io.atlaskv.engine.internal.db;

import static io.atlaskv.engine.internal.db.Write.batch;
import static io.atlaskv.engine.internal.db.Write.delete;
import static io.atlaskv.engine.internal.db.Write.deleteRange;
import static io.atlaskv.engine.internal.db.Write.expiring;
import static io.atlaskv.engine.internal.db.Write.load;
import static io.atlaskv.engine.internal.db.Write.put;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Short workloads for crashes and I/O errors: each goes through a few durable steps of the store,
/// so that all of their calls can be crashed at or failed.
@SuppressWarnings("ImmutableEnumChecker") // records and lambdas that keep no state
enum Workload {
  OPEN_ONLY(Durability.ALWAYS, _ -> {}),
  PUTS_ALWAYS(Durability.ALWAYS, client -> puts(client, 0, 12, 40)),
  PUTS_OS(Durability.OS, client -> puts(client, 0, 25, 300)),
  PUTS_INTERVAL(
      Durability.interval(Duration.ofMillis(5)),
      client -> {
        for (int i = 0; i < 6; i++) {
          puts(client, i * 4, 4, 200);
          client.pass(4_000_000);
        }
      }),
  OVERWRITES_AND_DELETES(
      Durability.ALWAYS,
      client -> {
        for (int i = 0; i < 6; i++) {
          client.write(put("a", "a" + i));
          client.write(i % 2 == 0 ? delete("b") : put("b", "b" + i));
          client.write(put("c" + i % 3, text(i, 700)));
        }
      }),
  SYNCS_IN_BETWEEN(
      Durability.OS,
      client -> {
        for (int i = 0; i < 4; i++) {
          puts(client, i * 5, 5, 600);
          client.sync();
        }
        puts(client, 40, 5, 600);
      }),
  SINGLE_DURABLE_WRITES(
      Durability.OS,
      client -> {
        for (int i = 0; i < 4; i++) {
          puts(client, i * 5, 4, 300);
          client.writeDurably(
              new Write.Put(StoreModel.DEFAULT, Bytes.ofUtf8("durable"), Bytes.ofUtf8("v" + i)));
        }
        puts(client, 40, 4, 300);
      }),
  BATCHES(
      Durability.OS,
      client -> {
        for (int i = 0; i < 6; i++) {
          client.write(
              batch(
                  put("left", text(i, 500)),
                  put("right", text(i, 500)),
                  put("x" + i, text(i, 900)),
                  delete("x" + (i - 2))));
        }
      }),
  BATCHES_OVER_NAMESPACES(
      Durability.ALWAYS,
      client -> {
        for (int i = 0; i < 5; i++) {
          client.write(
              batch(
                  put("k", "v" + i),
                  put("k", "v" + i).in("one"),
                  put("k" + i, text(i, 600)).in("two"),
                  deleteRange("k0", "k" + i).in("two")));
        }
      }),
  NAMESPACES_COME_AND_GO(
      Durability.ALWAYS,
      client -> {
        for (int i = 0; i < 3; i++) {
          client.write(put("k" + i, "v").in("one"));
          client.write(put("k" + i, text(i, 300)).in("two"));
          client.write(new Write.Drop(i % 2 == 0 ? "one" : "two"));
        }
        client.flush();
        client.write(put("last", "v").in("one"));
      }),
  NAMESPACE_DROP_UNSYNCED(
      Durability.OS,
      client -> {
        client.write(put("k1", text(1, 900)).in("one"));
        client.write(put("k2", text(2, 900)).in("one"));
        client.flush();
        client.write(new Write.Drop("one"));
        client.write(put("k3", text(3, 900)).in("one"));
        client.flush();
        client.compact();
        client.write(new Write.Drop("one"));
      }),
  RANGE_DELETES(
      Durability.ALWAYS,
      client -> {
        puts(client, 0, 10, 100);
        client.write(deleteRange("key02", "key05"));
        client.flush();
        client.write(put("key03", "again"));
        client.write(deleteRange("key07", "key09"));
        client.flush();
        client.write(new Write.DeleteRange(StoreModel.DEFAULT, Range.all()));
        client.write(put("key00", "new"));
        client.compact();
      }),
  FLUSHES(
      Durability.ALWAYS,
      client -> {
        puts(client, 0, 6, 400);
        client.flush();
        puts(client, 3, 6, 400);
        client.flush();
        puts(client, 6, 3, 400);
      }),
  FLUSHES_UNSYNCED(
      Durability.OS,
      client -> {
        puts(client, 0, 6, 400);
        client.flush();
        puts(client, 3, 6, 400);
        client.flush();
        puts(client, 6, 6, 400);
      }),
  COMPACTIONS(
      Durability.ALWAYS,
      client -> {
        for (int i = 0; i < 3; i++) {
          puts(client, i * 2, 5, 400);
          client.write(delete("key0" + i));
          client.flush();
        }
        client.compact();
        puts(client, 2, 3, 400);
        client.flush();
        client.compact();
        client.write(put("end", "v"));
      }),
  COMPACTION_OF_DELETES(
      Durability.OS,
      client -> {
        puts(client, 0, 20, 300);
        client.flush();
        client.write(deleteRange("key00", "key19"));
        client.flush();
        client.compact();
        puts(client, 5, 3, 300);
      }),
  BACKGROUND_FLUSHES(
      Durability.OS,
      5,
      client -> {
        for (int i = 0; i < 6; i++) {
          puts(client, i * 3, 5, 200);
          client.pass(1_000_000);
        }
      }),
  SEGMENT_SWITCHES(
      Durability.OS,
      client -> {
        for (int i = 0; i < 14; i++) {
          client.write(put("key" + i % 5, text(i, 16_000)));
          client.pass(500_000);
        }
      }),
  SEGMENTS_RECYCLED(
      Durability.ALWAYS,
      client -> {
        for (int i = 0; i < 14; i++) {
          client.write(put("key" + i % 5, text(i, 16_000)));
          if (i % 4 == 3) {
            client.flush();
            client.pass(2_000_000);
          }
        }
      }),
  VALUE_LARGER_THAN_A_SEGMENT(
      Durability.ALWAYS,
      client -> {
        client.write(put("small", "v"));
        client.write(put("large", text(1, 150_000)));
        client.write(put("after", "v"));
        client.flush();
        client.write(put("large", text(2, 70_000)));
      }),
  REOPENS(
      Durability.ALWAYS,
      client -> {
        for (int i = 0; i < 3; i++) {
          puts(client, i * 2, 3, 100);
          client.reopen();
        }
        client.write(put("end", "v"));
      }),
  REOPENS_UNSYNCED(
      Durability.OS,
      client -> {
        puts(client, 0, 4, 300);
        client.reopen();
        puts(client, 2, 4, 300);
        client.flush();
        client.reopen();
        puts(client, 4, 4, 300);
      }),
  REOPENS_FLUSHED(
      Durability.OS,
      client -> {
        puts(client, 0, 4, 300);
        client.flush();
        client.reopen();
        client.reopen(); // nothing was written
        puts(client, 2, 4, 300);
        client.flush();
        client.killAndReopen();
        puts(client, 4, 2, 300);
        client.flush();
        client.reopen();
        puts(client, 6, 2, 300);
      }),
  KILLS(
      Durability.OS,
      client -> {
        puts(client, 0, 4, 300);
        client.killAndReopen();
        puts(client, 2, 4, 300);
        client.flush();
        puts(client, 4, 2, 300);
        client.killAndReopen();
        puts(client, 6, 4, 300);
      }),
  CHECKPOINTS(
      Durability.OS,
      client -> {
        client.checkpoint(); // of an empty store
        puts(client, 0, 4, 400);
        client.write(put("k", "v").in("one"));
        client.flush();
        puts(client, 2, 4, 400);
        client.write(deleteRange("key01", "key03"));
        client.checkpoint(); // table and log
        puts(client, 5, 3, 400);
        client.flush();
        client.compact();
        client.checkpoint(); // tables only
        client.checkpoint(); // nothing new
        client.reopen();
        client.write(put("end", "v"));
        client.checkpoint(); // a log of two lives
      }),
  EXPIRING(
      Durability.ALWAYS,
      client -> {
        puts(client, 0, 3, 100);
        client.write(expiring("key00", text(1, 200), Write.LATER));
        client.write(expiring("key01", text(2, 200), Write.OVER));
        client.flush();
        client.write(
            batch(expiring("a", "1", Write.LATER), expiring("b", "2", Write.OVER), put("c", "3")));
        client.write(expiring("key00", text(3, 200), Write.OVER));
        client.flush();
        client.compact();
        client.write(expiring("b", "4", Write.LATER));
      }),
  EXPIRING_UNSYNCED(
      Durability.OS,
      client -> {
        client.write(expiring("first", text(1, 600), Write.LATER)); // names the feature
        puts(client, 0, 3, 300);
        client.write(expiring("key01", text(2, 600), Write.OVER));
        client.flush();
        client.killAndReopen();
        client.write(expiring("key00", text(3, 600), Write.OVER));
        client.checkpoint();
        client.write(expiring("key01", text(4, 600), Write.LATER));
      }),
  BULK_LOADS(
      Durability.ALWAYS,
      client -> {
        puts(client, 0, 4, 200);
        client.write(load("key01", text(1, 900), "key03", text(2, 900), "other", text(3, 300)));
        client.write(put("key03", "again"));
        client.write(load("a", text(4, 100), "b", text(5, 100)));
        client.compact();
        client.write(load("key00", "x", "key09", "y"));
      }),
  BULK_LOADS_UNSYNCED(
      Durability.OS,
      client -> {
        puts(client, 0, 3, 600);
        client.write(load("key01", text(1, 900), "z", text(2, 900)));
        puts(client, 2, 3, 600);
        client.killAndReopen();
        client.write(deleteRange("key", "kez"));
        client.write(load("key02", text(3, 900)));
        client.checkpoint();
        puts(client, 5, 2, 300);
      }),
  TREES_COME_AND_GO(
      Durability.ALWAYS,
      client -> {
        client.write(new Write.Style("one", CompactionStyle.SIZE_TIERED));
        for (int i = 0; i < 6; i++) {
          client.write(put("k" + i % 3, text(i, 300)).in("one"));
          client.write(put("k" + i, text(i, 200)).in("two"));
          client.write(put("k" + i % 2, text(i, 100)));
          client.flush();
          if (i == 2) {
            client.write(new Write.Style("two", windowed()));
            client.write(deleteRange("k0", "k2").in("two"));
          }
        }
        client.write(new Write.Style("one", CompactionStyle.LEVELED));
        client.compact();
        client.write(new Write.Drop("two"));
        client.reopen();
        client.compact();
        client.write(put("end", "v").in("one"));
      }),
  TREES_UNSYNCED(
      Durability.OS,
      5,
      client -> {
        client.write(new Write.Style("one", windowed()));
        for (int i = 0; i < 5; i++) {
          client.write(batch(put("k" + i, text(i, 400)).in("one"), put("k", text(i, 300))));
          client.write(
              new Write.Style(
                  StoreModel.DEFAULT, i % 2 == 0 ? CompactionStyle.SIZE_TIERED : windowed()));
          client.write(deleteRange("k0", "k" + i).in("one"));
          client.pass(1_000_000);
        }
        client.flush();
      }),
  THREE_WRITERS(Durability.ALWAYS, Workload::threeWriters);

  private final Options options;
  private final Consumer<Client> body;

  Workload(Durability durability, Consumer<Client> body) {
    this(durability, 0, body);
  }

  Workload(Durability durability, int memtableEntriesMax, Consumer<Client> body) {
    this.options =
        RandomOptions.SMALL.withDurability(durability).withMemtableEntriesMax(memtableEntriesMax);
    this.body = body;
  }

  Options options() {
    return options;
  }

  boolean isAlways() {
    return options.durability().mode() == Durability.Mode.ALWAYS;
  }

  void run(Client client) {
    body.accept(client);
  }

  private static CompactionStyle windowed() {
    return CompactionStyle.timeWindowed(Duration.ofSeconds(1));
  }

  private static void puts(Client client, int first, int count, int bytes) {
    for (int i = first; i < first + count; i++) {
      client.write(put("key" + i / 10 + i % 10, text(i * 31 + count, bytes)));
    }
  }

  private static void threeWriters(Client client) {
    var writers = new ArrayList<List<Write>>();
    for (int writer = 0; writer < 3; writer++) {
      var writes = new ArrayList<Write>();
      for (int i = 0; i < 5; i++) {
        writes.add(put("w" + writer + "." + i % 2, text(i, 300)));
      }
      writers.add(writes);
    }
    client.together(writers);
  }

  /// Text that cannot be compressed away, so that each write covers its sectors.
  private static String text(int seed, int length) {
    var random = new Random(seed);
    var text = new StringBuilder(length);
    while (text.length() < length) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }
}
