package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.api.tools.ManifestContents.LiveTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// `atlaskv inspect manifest DIR`.
final class InspectManifestTool extends Tool {
  InspectManifestTool() {
    super(
        "inspect manifest",
        "DIR",
        "Prints what the manifest of a data directory says: tables by level, sequences, log.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    ManifestContents manifest = StoreTools.manifest(path(arguments));
    var report = new Report(arguments, terminal);
    if (report.isJson()) {
      json(manifest, report);
    } else {
      text(manifest, report);
    }
    return ToolMain.EXIT_SOUND;
  }

  private static void text(ManifestContents manifest, Report report) {
    report.labelled("manifest", manifest.file() + ", format " + manifest.formatVersion());
    report.labelled("store", manifest.storeUuid().toString());
    report.labelled("size", size(manifest));
    report.labelled("next file", Long.toString(manifest.nextFileNumber()));
    report.labelled("last sequence", Long.toString(manifest.lastSequence()));
    report.labelled("flushed through", Long.toString(manifest.flushedThrough()));
    report.labelled("log", manifest.logNumber() == 0 ? "none" : log(manifest.logNumber()));
    if (manifest.historyFrom() != 0) {
      report.labelled("history", "from " + log(manifest.historyFrom()));
    }
    if (!manifest.features().isEmpty()) {
      report.labelled("features", String.join(", ", manifest.features()));
    }
    for (ManifestContents.Boundary boundary : manifest.boundaries()) {
      report.labelled(
          "log boundary",
          log(boundary.firstSegment()) + " comes after sequence " + boundary.lastSequence());
    }
    for (ManifestContents.Counter counter : manifest.counters()) {
      report.labelled(
          "counter",
          Integer.toUnsignedString(counter.namespace())
              + "/"
              + counter.counter()
              + " = "
              + counter.value());
    }
    report.labelled("tables", Integer.toString(manifest.tables().size()));
    if (!manifest.tables().isEmpty()) {
      report.line("");
      report.table(tables(manifest.tables()));
    }
  }

  private static String size(ManifestContents manifest) {
    String size =
        Report.count(manifest.bytes(), "byte") + ", " + Report.count(manifest.edits(), "edit");
    long torn = manifest.bytes() - manifest.intactBytes();
    String tail = torn == 0 ? "" : ", of which the last " + torn + " were never finished";
    return size
        + tail
        + (manifest.committedBytes() < 0
            ? ", how much is synced is not known"
            : ", synced through " + manifest.committedBytes());
  }

  private static String log(long number) {
    return "segment " + number;
  }

  /// The levels of all trees together.
  private static List<LiveTable> byLevel(List<LiveTable> tables) {
    return tables.stream().sorted(Comparator.comparingInt(LiveTable::level)).toList();
  }

  private static List<List<String>> tables(List<LiveTable> tables) {
    var lines = new ArrayList<List<String>>();
    lines.add(
        List.of(
            "level",
            "tree",
            "table",
            "bytes",
            "entries",
            "deletions",
            "shadowed",
            "ranges",
            "sequences",
            "keys"));
    for (LiveTable table : byLevel(tables)) {
      lines.add(
          List.of(
              Integer.toString(table.level()),
              Integer.toString(table.tree()),
              table.file(),
              Long.toString(table.bytes()),
              Long.toString(table.entries()),
              Long.toString(table.deletions()),
              Long.toString(table.shadowed()),
              Long.toString(table.rangeDeletions()),
              Report.range(table.smallestSequence(), table.largestSequence()),
              Report.key(table.smallest())
                  + (table.isLargestExclusive() ? " up to " : " to ")
                  + Report.key(table.largest())));
    }
    return lines;
  }

  private static void json(ManifestContents manifest, Report report) {
    report.line(
        Json.object()
            .field("type", "manifest")
            .field("file", manifest.file())
            .field("format", manifest.formatVersion())
            .field("store", manifest.storeUuid().toString())
            .field("bytes", manifest.bytes())
            .field("intactBytes", manifest.intactBytes())
            .field("committedBytes", manifest.committedBytes())
            .field("edits", manifest.edits())
            .field("nextFile", manifest.nextFileNumber())
            .field("lastSequence", manifest.lastSequence())
            .field("flushedThrough", manifest.flushedThrough())
            .field("logNumber", manifest.logNumber())
            .field("historyFrom", manifest.historyFrom())
            .field("features", String.join(",", manifest.features())));
    for (ManifestContents.Boundary boundary : manifest.boundaries()) {
      report.line(
          Json.object()
              .field("type", "boundary")
              .field("firstSegment", boundary.firstSegment())
              .field("lastSequence", boundary.lastSequence()));
    }
    for (ManifestContents.Counter counter : manifest.counters()) {
      report.line(
          Json.object()
              .field("type", "counter")
              .field("namespace", Integer.toUnsignedLong(counter.namespace()))
              .field("counter", counter.counter())
              .field("value", counter.value()));
    }
    for (LiveTable table : byLevel(manifest.tables())) {
      Json json =
          Json.object()
              .field("type", "table")
              .field("level", table.level())
              .field("tree", table.tree())
              .field("file", table.file())
              .field("bytes", table.bytes())
              .field("entries", table.entries())
              .field("deletions", table.deletions())
              .field("shadowed", table.shadowed())
              .field("rangeDeletions", table.rangeDeletions())
              .field("smallestSequence", table.smallestSequence())
              .field("largestSequence", table.largestSequence());
      Report.key(json, "smallest", table.smallest());
      Report.key(json, "largest", table.largest());
      report.line(json.field("largestExclusive", table.isLargestExclusive()));
    }
  }
}
