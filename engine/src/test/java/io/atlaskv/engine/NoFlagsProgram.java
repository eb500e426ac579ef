package io.atlaskv.engine;

import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.WriteBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// Uses each part of a store once, in default options. With the argument `restricted` it then calls
/// what a JVM warns of.
final class NoFlagsProgram {
  static final String RESTRICTED = "restricted";

  private static final int KEYS = 5_000;
  private static final byte[] VALUE = new byte[500];

  private NoFlagsProgram() {}

  public static void main(String[] arguments) {
    Path directory = Path.of(arguments[0]);
    Path store = directory.resolve("store");
    try (Db db = AtlasKv.open(store)) {
      write(db);
      db.flush();
      write(db);
      db.compact();
      read(db);
      db.verify();
      db.checkpoint(directory.resolve("checkpoint"));
      db.backup(directory.resolve("backups"));
      try (Secondary secondary = AtlasKv.openSecondary(store, Options.DEFAULT)) {
        require(secondary.catchUp() || secondary.db().contains(key(1)));
      }
    }
    try (Db db = AtlasKv.openReadOnly(store, Options.DEFAULT)) {
      read(db);
    }
    long backup = Backups.list(directory.resolve("backups")).getLast().number();
    Backups.restore(directory.resolve("backups"), backup, directory.resolve("restored"));
    if (arguments.length > 1 && arguments[1].equals(RESTRICTED)) {
      callRestricted();
    }
  }

  @SuppressWarnings("restricted") // that it is warned of is what is wanted
  private static void callRestricted() {
    require(MemorySegment.ofAddress(1).reinterpret(1).byteSize() == 1);
  }

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  private static void write(Db db) {
    long next = db.statistics().lastSequence() + 1;
    try (ChangeFeed changes = db.changes(next)) {
      for (int i = 0; i < KEYS; i++) {
        db.put(key(i), VALUE);
      }
      db.write(new WriteBatch().put(key(KEYS), VALUE).delete(key(KEYS + 1)), Durability.ALWAYS);
      require(changes.poll() != null);
    }
    db.async().put(key(1), VALUE).join();
    for (Locking locking : Locking.values()) {
      db.transact(
          TransactionOptions.DEFAULT.withLocking(locking),
          transaction -> transaction.put(key(2), transaction.get(key(1))));
    }
    try (BulkLoad load = db.namespace("loaded").bulkLoad()) {
      for (int i = 0; i < KEYS; i++) {
        load.put(key(i), VALUE);
      }
      load.commit();
    }
    var map = db.namespace("typed").asMap(Codec.int32(), Codec.utf8());
    map.put(1, "one");
    require(map.firstKey() == 1);
    db.deleteRange(Range.atLeast(key(KEYS)));
  }

  private static void read(Db db) {
    try (Arena arena = Arena.ofConfined();
        Cursor cursor = db.range(Range.all()).open()) {
      int count = 0;
      for (; cursor.isValid(); cursor.next()) {
        count++;
      }
      require(count == KEYS);
      require(db.get(key(3), arena.allocate(VALUE.length)) == VALUE.length);
    }
    require(db.range(Range.all()).reverse().limit(10).stream().count() == 10);
    require(db.async().get(key(1)).join() != null);
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("a wrong answer");
    }
  }
}
