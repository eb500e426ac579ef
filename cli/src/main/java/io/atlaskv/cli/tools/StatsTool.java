package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Flag;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.NamespaceStatistics;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.api.tools.ManifestContents.LiveTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/// `atlaskv stats DIR`: what the manifest knows of each level, added up; with `--namespaces` what
/// the indexes of the tables know of each namespace.
final class StatsTool extends Tool {
  private static final String NAMESPACES = "--namespaces";

  StatsTool() {
    super("stats", "DIR", "Prints how much lies in each level of a data directory.");
  }

  @Override
  List<Flag> flags() {
    return List.of(
        Flag.bare(NAMESPACES, "how much lies in each raw namespace instead; opens the tables"));
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    if (arguments.has(NAMESPACES)) {
      namespaces(path(arguments), new Report(arguments, terminal));
      return ToolMain.EXIT_SOUND;
    }
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

  private static void namespaces(Path directory, Report report) {
    Map<String, NamespaceStatistics> all;
    try (Db db = AtlasKv.openReadOnly(directory, Options.DEFAULT)) {
      all = db.namespaceStatistics();
    }
    if (report.isJson()) {
      all.forEach((name, namespace) -> report.line(json(name, namespace)));
      return;
    }
    var lines = new ArrayList<List<String>>();
    lines.add(
        List.of(
            "namespace",
            "tables",
            "bytes",
            "entries",
            "live entries",
            "live bytes",
            "shares",
            "prefix"));
    all.forEach((name, namespace) ->
        lines.add(
            List.of(
                name,
                Integer.toString(namespace.tables()),
                Long.toString(namespace.tableBytes()),
                Long.toString(namespace.tableEntries()),
                counted(namespace.liveEntries()),
                counted(namespace.liveBytes()),
                given(namespace.ioShares()),
                given(namespace.prefixBytes()))));
    report.table(lines);
  }

  private static String counted(OptionalLong count) {
    return count.isPresent() ? Long.toString(count.getAsLong()) : "-";
  }

  private static String given(int option) {
    return option == 0 ? "-" : Integer.toString(option);
  }

  private static Json json(String name, NamespaceStatistics namespace) {
    Json json =
        Json.object()
            .field("type", "namespace")
            .field("namespace", name)
            .field("tables", namespace.tables())
            .field("bytes", namespace.tableBytes())
            .field("entries", namespace.tableEntries());
    namespace.liveEntries().ifPresent(count -> json.field("liveEntries", count));
    namespace.liveBytes().ifPresent(count -> json.field("liveBytes", count));
    if (namespace.ioShares() > 0) {
      json.field("ioShares", namespace.ioShares());
    }
    if (namespace.prefixBytes() > 0) {
      json.field("prefixBytes", namespace.prefixBytes());
    }
    return json;
  }

  private static List<Level> levels(ManifestContents manifest) {
    return manifest.tables().stream()
        .map(LiveTable::level)
        .distinct()
        .sorted()
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
        .field("type", "level")
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
