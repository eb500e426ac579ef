package io.atlaskv.engine;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.embedded.EmbeddedSecondary;
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
  ///
  /// @throws io.atlaskv.engine.api.StorageException as [#open(Path)], or if there is no store and
  ///   [Options#createIfMissing()] is false
  /// @throws io.atlaskv.engine.api.CorruptionException as [#open(Path)], unless
  ///   [Options#recoveryMode()] has it passed over
  public static Db open(Path directory, Options options) {
    return new EmbeddedDb(EngineOpener.open(directory, options), options);
  }

  /// Opens the store in `directory` for reading, as it was when it was last written to, its log
  /// included. No file is written, not even `LOCK`; every write throws `ReadOnlyException`, as do
  /// `flush` (if something is not in tables), `compact`, `checkpoint` and `backup`. Any number of
  /// readers may have the store open, in any number of processes, but no writer beside them: to
  /// read a store that is being written, `openSecondary`, or open a `Db.checkpoint` of it.
  ///
  /// @param options what concerns writing is not looked at
  /// @throws io.atlaskv.engine.api.StorageException if there is no store, or a writer has it open
  /// @throws io.atlaskv.engine.api.CorruptionException if files are damaged; names file and offset
  public static Db openReadOnly(Path directory, Options options) {
    return new EmbeddedDb(EngineOpener.openReadOnly(directory, options), options);
  }

  /// Opens the store in `directory` for reading while another process, or this one, writes it. No
  /// file is written, and nobody is kept out. What it shows is a moment of the store, up to the
  /// last write that the writer had handed to the operating system; `Secondary.catchUp` goes on to
  /// a later one.
  ///
  /// @param options what concerns writing, and the recovery mode, is not looked at
  /// @throws io.atlaskv.engine.api.StorageException if there is no store
  /// @throws io.atlaskv.engine.api.CorruptionException if files are damaged, not only changing
  public static Secondary openSecondary(Path directory, Options options) {
    return new EmbeddedSecondary(
        () -> new EmbeddedDb(EngineOpener.openSecondary(directory, options), options));
  }
}
