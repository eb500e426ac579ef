package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.api.tools.ManifestContents.LiveTable;
import java.nio.file.Path;

/// `atlaskv compact DIR`: opens the store as a server would, merges all tables, closes it.
final class CompactTool extends Tool {
  CompactTool() {
    super(
        "compact",
        "DIR",
        "Merges all tables of a data directory that no server has open; frees what is deleted.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    Path directory = path(arguments);
    ManifestContents manifest = StoreTools.manifest(directory);
    long before = manifest.tables().stream().mapToLong(LiveTable::bytes).sum();
    Statistics after;
    try (var db = AtlasKv.open(directory, optionsOf(manifest))) {
      db.flush();
      db.compact();
      after = db.statistics();
    }
    long tables = after.levels().stream().mapToLong(Statistics.Level::tables).sum();
    var report = new Report(arguments, terminal);
    if (report.isJson()) {
      report.line(
          Json.object()
              .field("type", "report")
              .field("bytesBefore", before)
              .field("bytes", after.tableBytes())
              .field("tables", tables)
              .field("compactions", after.compactions())
              .field("readBytes", after.compactionReadBytes())
              .field("writtenBytes", after.compactionWrittenBytes()));
    } else {
      report.line(
          "tables: "
              + Report.count(before, "byte")
              + " before, "
              + after.tableBytes()
              + " after in "
              + Report.count(tables, "table"));
    }
    return ToolMain.EXIT_SOUND;
  }
}
