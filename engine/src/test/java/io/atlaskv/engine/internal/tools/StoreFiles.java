package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.api.tools.VerifyReport;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Files of small stores, made by real ones in a simulated process.
final class StoreFiles {
  static final long SEED = Long.getLong("atlaskv.seed", 42);

  static final Options SMALL =
      Options.DEFAULT
          .withMemoryLimitBytes(64 << 20)
          .withMemtableBytes(1 << 20)
          .withBlockCacheBytes(64 << 10)
          .withLogSegmentBytes(64 << 10)
          .withTableBytes(64 << 10)
          .withCompression(Compression.LZ4)
          .withDurability(Durability.ALWAYS);

  private static final long SWEEP_NANOS = 1_000_000_000;

  private StoreFiles() {}

  /// What a verification has told.
  record Verified(VerifyReport report, List<Finding> findings) {
    List<Finding> damages() {
      return findings.stream().filter(Finding::isDamage).toList();
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Lets `work` use a store on `files`, and closes it.
  static void use(FaultFileSystem files, Consumer<Db> work) {
    use(files, SMALL, work);
  }

  static void use(FaultFileSystem files, Options options, Consumer<Db> work) {
    run(files, options, work, () -> {});
  }

  /// What a killed process leaves of a store.
  static FaultFileSystem killedAfter(FaultFileSystem files, Consumer<Db> work) {
    return killedAfter(files, SMALL, work);
  }

  static FaultFileSystem killedAfter(FaultFileSystem files, Options options, Consumer<Db> work) {
    var left = FaultFileSystem.create(SEED);
    run(files, options, work, () -> contents(files).forEach(left::put));
    return left;
  }

  private static void run(
      FaultFileSystem files, Options options, Consumer<Db> work, Runnable beforeClose) {
    SimPorts world = SimPorts.on(files, SEED);
    try (var db =
        new EmbeddedDb(EngineOpener.open(world.ports(), options, 1L << 30, 64L << 20), options)) {
      work.accept(db);
      world.scheduler().runFor(SWEEP_NANOS); // what is obsolete is deleted
      beforeClose.run();
    }
  }

  /// Two tables, one with range tombstones, a namespace, and writes that only the log has.
  static void fill(Db db) {
    for (int i = 0; i < 300; i++) {
      db.put(utf8("key" + 1000 + i), utf8("value".repeat(5) + i));
    }
    db.deleteRange(Range.closedOpen(utf8("key1000100"), utf8("key1000120")));
    db.flush();
    db.compact();
    db.namespace("one").put(utf8("a"), utf8("1"));
    db.delete(utf8("key10007"));
    db.deleteRange(Range.closedOpen(utf8("key100020"), utf8("key100025")));
    db.flush();
    db.put(utf8("only in"), utf8("the log"));
    db.delete(utf8("key10008"));
  }

  static Map<String, byte[]> contents(FaultFileSystem files) {
    var contents = new LinkedHashMap<String, byte[]>();
    files.list().forEach(name -> contents.put(name, files.contents(name)));
    return contents;
  }

  static FaultFileSystem with(Map<String, byte[]> contents, String name, byte[] bytes) {
    var files = FaultFileSystem.create(SEED).withoutHistory();
    contents.forEach((file, whole) -> files.put(file, file.equals(name) ? bytes : whole));
    return files;
  }

  static FaultFileSystem without(Map<String, byte[]> contents, String lost) {
    var files = FaultFileSystem.create(SEED).withoutHistory();
    contents.forEach((name, bytes) -> {
      if (!name.equals(lost)) {
        files.put(name, bytes);
      }
    });
    return files;
  }

  static Verified verify(FaultFileSystem files) {
    var findings = new ArrayList<Finding>();
    try (var store = ClosedStore.open(SimPorts.on(files, SEED).ports())) {
      return new Verified(StoreVerifier.verify(store, findings::add), findings);
    }
  }
}
