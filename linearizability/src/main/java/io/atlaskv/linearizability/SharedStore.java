package io.atlaskv.linearizability;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// One store for all tests of this JVM: a history takes microseconds, an open milliseconds. Its
/// memtables are small, so that histories meet flushes.
final class SharedStore {
  private static final Db DB = open();

  private SharedStore() {}

  static Db db() {
    return DB;
  }

  static KeyValueStore emptyNamespace(String name) {
    KeyValueStore namespace = DB.namespace(name);
    namespace.clear();
    return namespace;
  }

  private static Db open() {
    try {
      Path directory = Files.createTempDirectory("atlaskv-linearizability");
      Options options =
          Options.DEFAULT
              .withDurability(Durability.OS)
              .withMemtableBytes(1 << 20)
              .withMemtableEntriesMax(500)
              .withLogSegmentBytes(1 << 20);
      Db db = AtlasKv.open(directory, options);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAndDelete(db, directory)));
      return db;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeAndDelete(Db db, Path directory) {
    db.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
