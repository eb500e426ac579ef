package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.api.tools.LogVisitor;
import io.atlaskv.engine.api.tools.VerifyListener;
import io.atlaskv.engine.api.tools.VerifyReport;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.manifest.ManifestImage;
import io.atlaskv.engine.internal.manifest.ManifestVerifier;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.sstable.TableInspector;
import io.atlaskv.engine.internal.sstable.TableProperties;
import io.atlaskv.engine.internal.sstable.TableVerifier;
import io.atlaskv.engine.internal.wal.LogInspector;
import io.atlaskv.engine.internal.wal.RecoveredLog;
import io.atlaskv.engine.internal.wal.RecoveryRequest;
import io.atlaskv.engine.internal.wal.WalRecovery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads every live file of a store and tells all that is wrong with it.
///
/// Goes on after damage as far as can be: behind a damaged block, in the other tables, and, where
/// the manifest cannot be read, in all tables there are. What a crash may leave is a note: a torn
/// edit, log groups that were never safe, files that no longer belong to the store.
///
/// Of one file it tells the first findings, `TOLD_PER_FILE_MAX` of them, then how many more there
/// are: a large table may be damaged in every block, and what was told is remembered.
public final class StoreVerifier {
  static final int TOLD_PER_FILE_MAX = 100;

  private final ClosedStore store;
  private final FileSystem files;
  private final VerifyListener listener;
  private final Map<String, Set<String>> told = new HashMap<>(); // by file
  private final Map<String, Long> untold = new TreeMap<>(); // how many more, by file
  private int tables;
  private long tableBytes;
  private long entries;
  private long logBatches;
  private long logOperations;
  private long logBytes;
  private long lastSequence;
  private boolean isSealed;
  private int damages;
  private int notes;
  private long doneBytes;
  private long totalBytes;

  private StoreVerifier(ClosedStore store, VerifyListener listener) {
    this.store = store;
    this.listener = listener;
    files = store.ports().files();
  }

  /// Verifies a store.
  public static VerifyReport verify(ClosedStore store, VerifyListener listener) {
    return new StoreVerifier(store, listener).run();
  }

  private VerifyReport run() {
    ManifestImage image = ManifestVerifier.verify(files, store.names(), this::tell);
    try (var cache = new BlockCache(0)) {
      if (image == null) {
        verifyWithoutManifest(cache);
      } else {
        noteLeftovers(image);
        verifyTables(image, cache);
        verifyLog(image);
      }
    }
    untold.forEach((file, more) ->
        listener.finding(Finding.note(file, 0, "has more findings, not listed: " + more)));
    return new VerifyReport(
        tables,
        tableBytes,
        entries,
        logBatches,
        logOperations,
        logBytes,
        lastSequence,
        isSealed,
        damages,
        notes);
  }

  private void tell(Finding finding) {
    Set<String> ofFile = told.computeIfAbsent(finding.file(), _ -> new HashSet<>());
    boolean isTold = ofFile.size() < TOLD_PER_FILE_MAX;
    String text = finding.toString();
    if (isTold ? !ofFile.add(text) : ofFile.contains(text)) {
      return; // told before
    }
    if (finding.isDamage()) {
      damages++;
    } else {
      notes++;
    }
    if (isTold) {
      listener.finding(finding);
    } else {
      untold.merge(finding.file(), 1L, Long::sum);
    }
  }

  private void verifyTables(ManifestImage image, BlockCache cache) {
    StoreState state = image.state();
    var present = new ArrayList<TableMeta>();
    for (PlacedTable placed : state.tables()) {
      TableMeta table = placed.table();
      String name = FileName.table(table.number());
      if (store.names().contains(name)) {
        present.add(table);
        totalBytes += files.size(name);
      } else {
        String manifest = FileName.manifest(image.manifestNumber());
        tell(Finding.damage(name, 0, "does not exist, but " + manifest + " names it"));
      }
    }
    for (TableMeta table : present) {
      TableProperties properties = verifyTable(table.number(), image.storeUuid(), cache);
      if (properties != null) {
        ManifestVerifier.compare(state, table, properties, this::tell);
      }
    }
  }

  private @Nullable TableProperties verifyTable(long number, UUID storeUuid, BlockCache cache) {
    String name = FileName.table(number);
    long bytes = files.size(name);
    long doneBefore = doneBytes;
    listener.progress(name, doneBytes, totalBytes);
    TableProperties properties =
        TableVerifier.verify(
            files,
            number,
            storeUuid,
            cache,
            this::tell,
            read -> {
              doneBytes += read;
              listener.progress(name, doneBytes, totalBytes);
            });
    doneBytes = doneBefore + bytes;
    tables++;
    tableBytes += bytes;
    entries += properties == null ? 0 : properties.entries();
    return properties;
  }

  /// Every table by what it says of itself.
  private void verifyWithoutManifest(BlockCache cache) {
    for (String name : store.names()) {
      FileName parsed = FileName.parse(name);
      if (parsed != null && parsed.kind() == FileName.Kind.TABLE) {
        try {
          UUID storeUuid = TableInspector.header(files, parsed.number()).storeUuid();
          verifyTable(parsed.number(), storeUuid, cache);
        } catch (AtlasException e) {
          tell(Finding.of(e, name));
        }
      }
    }
  }

  private void verifyLog(ManifestImage image) {
    StoreState state = image.state();
    lastSequence = state.flushedThrough();
    if (state.logNumber() == 0) { // made, and closed or killed before it took a write
      return;
    }
    listener.progress(FileName.log(state.logNumber()), totalBytes, totalBytes);
    RecoveryRequest request =
        state.recovery(image.storeUuid(), RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    var batch = new BatchReader();
    try {
      RecoveredLog log =
          WalRecovery.check(
              store.ports(),
              request,
              (sequence, timeMillis, bytes, offset, length) -> {
                batch.reset(bytes, offset, length);
                batch.verifyChecksum();
                while (batch.next()) {
                  // every operation must be one that recovery can replay
                }
                if (sequence + batch.operations() > state.flushedThrough() + 1) {
                  logBatches++;
                  logOperations += batch.operations();
                }
              });
      logBytes = log.bytes();
      lastSequence = Math.max(lastSequence, log.lastSequence());
      isSealed = log.isSealed();
      RecoveredLog.Damage damage = log.damage();
      if (damage != null) {
        tell(
            Finding.note(
                damage.segment(),
                damage.offset(),
                damage.detail()
                    + "; nothing from here on was safe, groups dropped: "
                    + log.droppedGroups()));
        verifySegments(image, Finding.Severity.NOTE);
      }
      noteHeaders(image);
    } catch (AtlasException e) {
      tell(Finding.of(e, FileName.log(state.logNumber())));
      verifySegments(image, Finding.Severity.DAMAGE);
    }
  }

  /// Segments that the log has not come to need no header: they are made ahead of their use.
  private void noteHeaders(ManifestImage image) {
    for (long number : segments(image)) {
      CorruptionException damage = LogInspector.headerDamage(files, image.storeUuid(), number);
      if (damage != null) {
        tell(Finding.of(damage, FileName.log(number)).asNote());
      }
    }
  }

  /// Segments that recovery reads, oldest first.
  private List<Long> segments(ManifestImage image) {
    var numbers = new ArrayList<Long>();
    for (String name : store.names()) {
      FileName parsed = FileName.parse(name);
      if (parsed != null
          && parsed.kind() == FileName.Kind.LOG
          && parsed.number() >= image.state().logNumber()) {
        numbers.add(parsed.number());
      }
    }
    Collections.sort(numbers);
    return numbers;
  }

  /// Each segment for itself, once the log is known to be damaged.
  ///
  /// @param severity of a place that intact groups follow; others are where a log ends
  private void verifySegments(ManifestImage image, Finding.Severity severity) {
    for (long number : segments(image)) {
      try {
        LogInspector.inspect(files, image.storeUuid(), number, new GapFinder(severity));
      } catch (AtlasException e) {
        tell(Finding.of(e, FileName.log(number)));
      }
    }
  }

  /// Tells what does not belong to the store, or no longer.
  private void noteLeftovers(ManifestImage image) {
    String manifest = FileName.manifest(image.manifestNumber());
    Set<Long> live = new HashSet<>();
    image.state().tables().forEach(placed -> live.add(placed.table().number()));
    for (String name : store.names()) {
      FileName parsed = FileName.parse(name);
      if (parsed == null) {
        tell(Finding.note(name, 0, "is no file of a store; stays as it is"));
        continue;
      }
      boolean isLeftover =
          switch (parsed.kind()) {
            case TABLE -> !live.contains(parsed.number());
            case MANIFEST -> parsed.number() != image.manifestNumber();
            case LOG -> parsed.number() < image.state().oldestSegment();
            case TEMPORARY -> true;
            case CURRENT, COMMITTED, BACKUP, LOCK -> false;
          };
      if (isLeftover) {
        tell(Finding.note(name, 0, "is not needed by " + manifest + "; the next open deletes it"));
      }
    }
  }

  /// Tells places without a group, and damaged headers.
  private final class GapFinder implements LogVisitor {
    private final Finding.Severity severity;

    GapFinder(Finding.Severity severity) {
      this.severity = severity;
    }

    @Override
    public void segment(Segment segment) {
      if (!segment.damage().isEmpty()) {
        tell(new Finding(severity, segment.file(), 0, segment.damage()));
      }
    }

    @Override
    public void group(Group group) {}

    @Override
    public void gap(Gap gap) {
      if (gap.isDamaged() || gap.nextOffset() >= 0) {
        var found = gap.nextOffset() >= 0 ? severity : Finding.Severity.NOTE;
        tell(new Finding(found, gap.file(), gap.offset(), gap.detail()));
      }
    }
  }
}
