package io.atlaskv.engine;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.db.EmbeddedDb;
import io.atlaskv.engine.internal.db.EngineOpener;
import java.nio.file.Path;

/// Opens stores.
public final class AtlasKv {
  private AtlasKv() {}

  /// Opens the store in `directory` with the default options; makes directory and store when they
  /// do not exist.
  ///
  /// @throws io.atlaskv.engine.api.StorageException if another process (or this one) has it open,
  ///   or the directory cannot be used
  /// @throws io.atlaskv.engine.api.CorruptionException if files are damaged; names file and offset
  public static Db open(Path directory) {
    return open(directory, Options.DEFAULT);
  }

  /// Opens the store in `directory`.
  public static Db open(Path directory, Options options) {
    return new EmbeddedDb(EngineOpener.open(directory, options), options);
  }
}
