package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.manifest.ManifestImage;
import io.atlaskv.engine.internal.manifest.StoreState;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens a store while another process writes it: reads as if nobody did, then finds out whether
/// that was so.
///
/// - Tables never change. One that a merge has replaced may be gone before it is opened: then the
///   manifest says so by now, and the next try sees it. Once open, the file stays.
/// - The manifest only grows, until it is replaced as a whole. A record that is half there is its
///   end; a mark or a name newer than what was read is refused, and tried again.
/// - Log segments are reused in place once recovery does not need them, which the manifest is told
///   before. So what was read of them belongs together if the manifest names the same oldest
///   segment before and after. A group that is being written is the end of the log, or damage for
///   whoever sees a later one already: tried again.
/// - What comes from the log belongs to the tables that were named before it was read, but for
///   those of a bulk load that was installed meanwhile: they lie between two batches of the log,
///   which does not have them. They raise the sequence through which all is in tables, as a flush
///   does. A load that has its mark in the log, but no tables yet, is not shown ([Replay]).
///
/// What is refused so often that no writer can be the reason is told as it is.
final class SecondaryOpening {
  private static final int TRIES = 50;

  /// How far the tables reach, as the manifest says: the same before and after, nothing was flushed
  /// or loaded in between.
  private record Flushed(long logNumber, long through) {
    static Flushed in(FileSystem files) {
      StoreState state = ManifestImage.read(files, files.list()).state();
      return new Flushed(state.logNumber(), state.flushedThrough());
    }
  }

  private SecondaryOpening() {}

  /// @param ports opens the directory, unlocked and behind an overlay, for each try anew
  static Engine open(Supplier<Ports> ports, Options options, long machineBytes, long heapBytesMax) {
    Options reading = options.withRecoveryMode(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    AtlasException last = null;
    for (int i = 0; i < TRIES; i++) {
      Ports own = ports.get();
      Engine engine = null;
      try {
        Flushed flushed = Flushed.in(own.files());
        engine = EngineOpener.openReadOnly(own, reading, machineBytes, heapBytesMax);
        if (Flushed.in(ports.get().files()).equals(flushed)) {
          return engine;
        }
      } catch (UnsupportedFormatException e) {
        throw e;
      } catch (AtlasException e) {
        last = e;
      }
      close(engine);
    }
    throw last == null ? new StorageException("the store changes too fast to be read", null) : last;
  }

  private static void close(@Nullable Engine engine) {
    if (engine != null) {
      engine.close();
    }
  }
}
