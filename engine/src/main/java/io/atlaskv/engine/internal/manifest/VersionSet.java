package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The current version and the manifest behind it.
///
/// Readers take versions with `acquire`, any thread. Edits are applied by one thread at a time: the
/// caller has them on one lane. An edit is durable when `apply` returns, and only then visible.
///
/// An open goes on with the manifest that it finds, if that is small and the mark says that all of
/// it is safe; else it begins a new one.
///
/// Order of durable steps of an edit: new tables synced by their writers, directory synced, record
/// appended and synced, mark written, version published, tables no longer named deleted. Of a new
/// manifest: file synced, directory synced, `CURRENT` replaced, directory synced, old one deleted.
///
/// Invariants:
/// - N1: every table of the last durable state exists; nothing is deleted whose removal is not
///   durable.
/// - N2: after a failed write or sync nobody knows whether the edit is durable: no further edit is
///   taken until the store is opened again, and what it removes is not deleted. A disk found full
///   by an append is no such failure: the record is cut off for sure, and the next edit goes to a
///   new manifest.
/// - N3: file numbers are never used twice, not even those of files a crash left behind.
public final class VersionSet implements AutoCloseable {
  /// A manifest is begun anew when it has grown past this and past twice its first record.
  private static final long MANIFEST_BYTES_MIN = 1 << 20;

  private final FileSystem files;
  private final TableOpener opener;
  private final ObsoleteTables obsoleteTables;
  private final UUID storeUuid;
  private final CommittedMark mark;
  private final AtomicLong nextFileNumber;
  private final AtomicBoolean isApplying = new AtomicBoolean();
  private final long manifestBytesMin;
  private final LevelReads levelReads = new LevelReads(TableReader.KEYS_PER_MEASURED);
  private final PrefixSkips prefixSkips = new PrefixSkips();

  private volatile Version current;
  private volatile @Nullable AtlasException failure;
  private volatile boolean isClosed;
  private @Nullable ManifestWriter manifest; // null after the disk was found full
  private long manifestNumber;
  private long manifestStartBytes;

  private VersionSet(
      Ports ports,
      TableOpener opener,
      ObsoleteTables obsoleteTables,
      Recovered recovered,
      long manifestBytesMin) {
    this.files = ports.files();
    this.opener = opener;
    this.obsoleteTables = obsoleteTables;
    this.storeUuid = recovered.storeUuid();
    this.manifestBytesMin = manifestBytesMin;
    this.nextFileNumber = new AtomicLong(recovered.nextFileNumber());
    this.current = open(recovered.state(), Map.of());
    boolean isReusing = recovered.manifest() != 0;
    try {
      if (isReusing) {
        manifestNumber = recovered.manifest();
        manifest = ManifestWriter.reopen(files, manifestNumber);
        manifestStartBytes = manifest.bytes();
        this.mark = CommittedMark.reopen(files, storeUuid);
      } else {
        manifest = begin(recovered.state().apply(told(VersionEdit.builder().build())));
        this.mark = CommittedMark.open(files, storeUuid);
      }
    } catch (Throwable e) {
      current.release();
      if (manifest != null) {
        manifest.close();
      }
      throw e;
    }
    if (isReusing) {
      return; // the mark says what is safe
    }
    try {
      mark.write(manifestNumber, manifestStartBytes);
      mark.sync();
      files.syncDirectory();
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /// Opens the store in the directory of `ports`, which the caller has locked; makes a new one if
  /// there is none.
  ///
  /// @throws AtlasException in one clear sentence, if the files are not a whole store
  public static VersionSet open(Ports ports, TableOpener opener) {
    return open(ports, opener, MANIFEST_BYTES_MIN);
  }

  static VersionSet open(Ports ports, TableOpener opener, long manifestBytesMin) {
    Recovered recovered = Recovered.read(ports);
    var obsoleteTables = new ObsoleteTables(ports.files(), ports.scheduler());
    var set = new VersionSet(ports, opener, obsoleteTables, recovered, manifestBytesMin);
    try {
      OrphanSweep.run(ports.files(), set.current.state(), set.manifestNumber);
      return set;
    } catch (Throwable e) {
      set.close();
      throw e;
    }
  }

  /// Identity of the store, in every file of it.
  public UUID storeUuid() {
    return storeUuid;
  }

  /// What is told the number of each table that was deleted, on any thread; must be short.
  public void onTableDeleted(LongConsumer action) {
    obsoleteTables.onDeleted(action);
  }

  /// The current version, with a reference for the caller.
  public Version acquire() {
    while (true) {
      if (isClosed) {
        throw new ClosedException("store");
      }
      Version version = current;
      if (version.tryRetain()) { // fails only while the next one is being published
        return version;
      }
    }
  }

  /// What the manifest says now.
  public StoreState state() {
    return current.state();
  }

  /// How often reads asked each level since the store was opened.
  public LevelReads levelReads() {
    return levelReads;
  }

  /// What prefix filters said since the store was opened.
  public PrefixSkips prefixSkips() {
    return prefixSkips;
  }

  /// A number for a new file of any kind. Any thread.
  public long newFileNumber() {
    return nextFileNumber.getAndIncrement();
  }

  /// Why edits are no longer taken; null while they are (N2).
  public @Nullable AtlasException failure() {
    return failure;
  }

  /// Makes an edit durable and publishes the version after it. That version stays usable until the
  /// next edit; `acquire` gives a longer hold.
  ///
  /// @throws IllegalArgumentException if the edit does not fit the current state; nothing happened
  /// @throws StorageException if a write failed; if the disk was full, the edit did not happen and
  ///   may be tried again, otherwise nobody knows, and `failure` is set
  public Version apply(VersionEdit edit) {
    if (!isApplying.compareAndSet(false, true)) {
      throw new IllegalStateException("two edits at a time");
    }
    try {
      requireUsable();
      VersionEdit told = told(edit);
      StoreState state = current.state().apply(told);
      Map<Long, LiveTable> kept = current.keptBy(state);
      Version next = open(state, kept);
      try {
        if (kept.size() < next.tables()) {
          files.syncDirectory(); // the names of new tables
        }
        write(told, state);
      } catch (Throwable e) {
        next.release();
        throw e;
      }
      publish(next);
      return next;
    } finally {
      isApplying.set(false);
    }
  }

  private void requireUsable() {
    if (isClosed) {
      throw new ClosedException("store");
    }
    AtlasException cause = failure;
    if (cause != null) {
      throw new ReadOnlyException(
          "the manifest could not be written: " + cause.getMessage(), cause);
    }
  }

  /// The edit and the file numbers given out so far.
  private VersionEdit told(VersionEdit edit) {
    return VersionEdit.builder().merge(edit).nextFileNumber(nextFileNumber.get()).build();
  }

  /// A version of `state` that shares `kept` and opens all other tables.
  private Version open(StoreState state, Map<Long, LiveTable> kept) {
    var tables = new HashMap<>(kept);
    try {
      for (PlacedTable placed : state.tables()) {
        TableMeta meta = placed.table();
        if (!tables.containsKey(meta.number())) {
          Table table = opener.open(meta.number(), storeUuid).as(meta);
          tables.put(meta.number(), new LiveTable(meta, table, obsoleteTables));
        }
      }
      return new Version(state, tables, levelReads, prefixSkips);
    } catch (Throwable e) {
      tables.forEach((number, table) -> {
        if (!kept.containsKey(number)) {
          table.table().close();
        }
      });
      throw e;
    }
  }

  private void write(VersionEdit edit, StoreState state) {
    ManifestWriter writer = manifest;
    try {
      if (writer == null || isOvergrown(writer)) {
        writer = begin(state);
      } else {
        appendTo(writer, edit);
      }
      mark.write(writer.number(), writer.bytes());
    } catch (StorageException e) {
      if (!e.isDiskFull() || manifest != null) {
        failure = e;
      }
      throw e;
    } catch (AtlasException e) {
      failure = e;
      throw e;
    }
  }

  private boolean isOvergrown(ManifestWriter writer) {
    return writer.bytes() > manifestBytesMin && writer.bytes() > 2 * manifestStartBytes;
  }

  /// Appends and syncs one edit. When the disk is full, gives the manifest up (N2).
  private void appendTo(ManifestWriter writer, VersionEdit edit) {
    try {
      writer.append(edit);
    } catch (StorageException e) {
      if (e.isDiskFull()) {
        writer.close();
        manifest = null;
      }
      throw e;
    }
    writer.sync();
  }

  /// Begins a new manifest with `state` and makes it the live one. Up to the moment `CURRENT` is
  /// replaced, a full disk does no harm.
  private ManifestWriter begin(StoreState state) {
    ManifestWriter old = manifest;
    manifest = null;
    if (old != null) {
      old.close();
    }
    long number = newFileNumber();
    var currentFile = new CurrentFile(storeUuid, number);
    ManifestWriter writer = null;
    try {
      writer =
          ManifestWriter.create(
              files, number, storeUuid, state.apply(numbersOnly(nextFileNumber.get())));
      currentFile.prepare(files);
    } catch (Throwable e) {
      if (writer != null) {
        writer.close();
      }
      obsoleteTables.delete(FileName.manifest(number));
      obsoleteTables.delete(FileName.temporary(number));
      throw e;
    }
    manifest = writer;
    currentFile.replace(files);
    if (manifestNumber != 0) {
      obsoleteTables.delete(FileName.manifest(manifestNumber));
    }
    manifestNumber = number;
    manifestStartBytes = writer.bytes();
    return writer;
  }

  private static VersionEdit numbersOnly(long nextFileNumber) {
    return VersionEdit.builder().nextFileNumber(nextFileNumber).build();
  }

  private void publish(Version next) {
    Version old = current;
    old.markObsoleteWithout(next);
    current = next;
    old.release();
  }

  /// Gives the current version back and closes the manifest. Versions still held stay usable; their
  /// tables are closed when they go.
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    ManifestWriter writer = manifest;
    if (writer != null) {
      manifest = null;
      writer.close();
    }
    try {
      if (failure == null) {
        mark.sync();
      }
    } finally {
      mark.close();
      current.release();
      obsoleteTables.close();
    }
  }
}
