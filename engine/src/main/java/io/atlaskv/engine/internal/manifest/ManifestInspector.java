package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Tells what the live manifest says.
public final class ManifestInspector {
  private ManifestInspector() {}

  /// Tells of the store whose `CURRENT` is among `names`.
  public static ManifestContents inspect(FileSystem files, List<String> names) {
    ManifestImage image = ManifestImage.read(files, names);
    StoreState state = image.state();
    String file = FileName.manifest(image.manifestNumber());
    return new ManifestContents(
        file,
        image.storeUuid(),
        version(files, file),
        image.manifest().bytes(),
        image.manifest().intactBytes(),
        image.committedBytes(),
        image.manifest().edits(),
        state.nextFileNumber(),
        state.lastSequence(),
        state.flushedThrough(),
        state.logNumber(),
        state.historyFrom(),
        state.boundaries().stream()
            .map(end -> new ManifestContents.Boundary(end.firstSegment(), end.lastSequence()))
            .toList(),
        tables(state),
        counters(state),
        StoreFeatures.names(state.features()));
  }

  private static int version(FileSystem files, String file) {
    try (var arena = Arena.ofConfined();
        var opened = files.openRead(file)) {
      var header = arena.allocate(FileHeader.BYTES);
      int found = opened.read(0, header.asByteBuffer());
      return FileHeader.decode(file, header.asSlice(0, found), FileFormat.MANIFEST).version();
    }
  }

  private static List<ManifestContents.LiveTable> tables(StoreState state) {
    var tables = new ArrayList<ManifestContents.LiveTable>();
    for (PlacedTable placed : state.tables()) {
      TableMeta table = placed.table();
      tables.add(
          new ManifestContents.LiveTable(
              placed.level(),
              FileName.table(table.number()),
              table.bytes(),
              table.smallest(),
              table.largest(),
              table.largestExclusive(),
              table.smallestSequence(),
              table.largestSequence(),
              table.entries(),
              table.deletions(),
              table.shadowed(),
              table.rangeDeletions(),
              placed.tree()));
    }
    return tables;
  }

  private static List<ManifestContents.Counter> counters(StoreState state) {
    return state.counters().entrySet().stream()
        .map(entry ->
            new ManifestContents.Counter(
                entry.getKey().namespace(), entry.getKey().counter(), entry.getValue()))
        .sorted(
            Comparator.comparingLong((ManifestContents.Counter counter) ->
                    Integer.toUnsignedLong(counter.namespace()))
                .thenComparingInt(ManifestContents.Counter::counter))
        .toList();
  }
}
