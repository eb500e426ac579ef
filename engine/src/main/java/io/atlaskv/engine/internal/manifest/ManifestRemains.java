package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What single intact edits of a damaged manifest still tell. They do not add up to a state, as
/// nobody knows what those between them said.
///
/// @param flushedThrough of the last edit that tells it; −1 if none does
/// @param counters as of `flushedThrough`
/// @param removed tables that the last edit to name them has removed
public record ManifestRemains(
    long flushedThrough, Map<CounterId, Long> counters, Set<Long> removed) {
  private static final ManifestRemains NOTHING = new ManifestRemains(-1, Map.of(), Set.of());

  public ManifestRemains {
    counters = Map.copyOf(counters);
    removed = Set.copyOf(removed);
  }

  /// Of the newest manifest among `names` that has an intact edit.
  public static ManifestRemains read(FileSystem files, List<String> names) {
    List<FileName> manifests =
        names.stream()
            .map(FileName::parse)
            .filter(name -> name != null && name.kind() == FileName.Kind.MANIFEST)
            .sorted((left, right) -> Long.compare(right.number(), left.number()))
            .toList();
    for (FileName manifest : manifests) {
      ManifestRemains remains = readOne(files, manifest.number());
      if (remains != null) {
        return remains;
      }
    }
    return NOTHING;
  }

  /// What is left of one; null if nothing is.
  private static @Nullable ManifestRemains readOne(FileSystem files, long number) {
    String name = FileName.manifest(number);
    long flushedThrough = -1;
    var counters = new HashMap<CounterId, Long>();
    var removed = new HashSet<Long>();
    boolean hasEdit = false;
    try (var arena = Arena.ofConfined()) {
      MemorySegment content = WholeFile.read(files, name, arena);
      for (long at = FileHeader.BYTES; at < content.byteSize(); at++) {
        if (!ManifestRecord.hasHeader(content, at, number)
            || !ManifestRecord.hasPayload(content, at, number)) {
          continue;
        }
        long payloadAt = at + ManifestRecord.HEADER_BYTES;
        int length = ManifestRecord.payloadLength(content, at);
        try {
          VersionEdit edit = VersionEditFormat.decode(name, content, payloadAt, length);
          hasEdit = true;
          edit.removed().forEach(removal -> removed.add(removal.number()));
          edit.added().forEach(addition -> removed.remove(addition.table().number()));
          counters.putAll(edit.counters());
          flushedThrough = Math.max(flushedThrough, edit.flushedThrough());
        } catch (CorruptionException _) {
          continue; // bytes that look like a record's head
        }
        at = payloadAt + length - 1;
      }
    }
    return hasEdit ? new ManifestRemains(flushedThrough, counters, removed) : null;
  }
}
