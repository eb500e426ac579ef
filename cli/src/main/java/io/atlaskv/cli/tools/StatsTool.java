package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.api.tools.ManifestContents.LiveTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// `atlaskv stats DIR`: what the manifest knows of each level, added up.
final class StatsTool extends Tool {
  StatsTool() {
    super("stats", "DIR", "Prints how much lies in each level of a data directory.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    ManifestContents manifest = StoreTools.manifest(path(arguments));
    var report = new Report(arguments, terminal);
    if (report.isJson()) {
      levels(manifest).forEach(level -> report.line(json(level)));
      return ToolMain.EXIT_SOUND;
    }
    var lines = new ArrayList<List<String>>();
    lines.add(List.of("level", "tables", "bytes", "entries", "deletions", "shadowed", "ranges"));
    levels(manifest).forEach(level -> lines.add(cells(Integer.toString(level.number()), level)));
    lines.add(cells("all", new Level(-1, manifest.tables())));
    report.table(lines);
    report.line(
        "flushed through sequence "
            + manifest.flushedThrough()
            + ", later writes are in the log from segment "
            + manifest.logNumber()
            + " on");
    return ToolMain.EXIT_SOUND;
  }

  private static List<Level> levels(ManifestContents manifest) {
    return manifest.tables().stream()
        .map(LiveTable::level)
        .distinct()
        .map(number ->
            new Level(
                number,
                manifest.tables().stream().filter(table -> table.level() == number).toList()))
        .toList();
  }

  private static List<String> cells(String name, Level level) {
    return List.of(
        name,
        Integer.toString(level.tables().size()),
        level.sum(LiveTable::bytes),
        level.sum(LiveTable::entries),
        level.sum(LiveTable::deletions),
        level.sum(LiveTable::shadowed),
        level.sum(LiveTable::rangeDeletions));
  }

  private static Json json(Level level) {
    return Json.object()
        .field("level", level.number())
        .field("tables", level.tables().size())
        .field("bytes", level.total(LiveTable::bytes))
        .field("entries", level.total(LiveTable::entries))
        .field("deletions", level.total(LiveTable::deletions))
        .field("shadowed", level.total(LiveTable::shadowed))
        .field("rangeDeletions", level.total(LiveTable::rangeDeletions));
  }

  /// The tables of one level.
  private record Level(int number, List<LiveTable> tables) {
    long total(ToLongFunction<LiveTable> field) {
      return tables.stream().mapToLong(field).sum();
    }

    String sum(ToLongFunction<LiveTable> field) {
      return Long.toString(total(field));
    }
  }
}
