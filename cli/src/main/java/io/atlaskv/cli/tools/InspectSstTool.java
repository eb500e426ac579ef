package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Flag;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.tools.TableContents;
import io.atlaskv.engine.api.tools.TableVisitor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// `atlaskv inspect sst FILE`: the properties come last, since the table is read once, in its
/// order.
final class InspectSstTool extends Tool {
  private static final String ENTRIES = "--entries";

  InspectSstTool() {
    super(
        "inspect sst",
        "FILE",
        "Prints the blocks of a table and what it says of itself; it may be in use.");
  }

  @Override
  List<Flag> flags() {
    return List.of(Flag.bare(ENTRIES, "with all rows: key, sequence, kind, value"));
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    var report = new Report(arguments, terminal);
    var printer = new Printer(report, arguments.has(ENTRIES));
    TableContents table = StoreTools.table(path(arguments), printer);
    if (report.isJson()) {
      json(table, report);
    } else {
      text(table, printer, report);
    }
    return printer.isDamaged ? ToolMain.EXIT_DAMAGED : ToolMain.EXIT_SOUND;
  }

  private static void text(TableContents table, Printer printer, Report report) {
    report.labelled("table", table.file() + ", format " + table.formatVersion());
    report.labelled("store", table.storeUuid().toString());
    report.labelled("written", Report.time(table.createdMillis()));
    report.labelled("size", Report.count(table.bytes(), "byte"));
    for (TableContents.Part part : table.parts()) {
      report.labelled("  " + part.name(), part.bytes() + " at " + part.offset());
    }
    report.labelled(
        "rows",
        table.entries()
            + ", of which deletions: "
            + table.deletions()
            + "; range tombstones: "
            + table.rangeDeletions());
    report.labelled(
        "raw", table.rawKeyBytes() + " bytes of keys, " + table.rawValueBytes() + " of values");
    if (table.expiring() > 0) {
      report.labelled(
          "expiring",
          Report.count(table.expiring(), "row")
              + ", from "
              + Report.time(table.smallestExpiryMillis())
              + " to "
              + Report.time(table.largestExpiryMillis()));
    }
    report.labelled("data blocks", blocks(table, printer));
    report.labelled("filter", table.filterLines() == 0 ? "none" : filter(table));
    report.labelled("prefix filter", table.prefixLengths().isEmpty() ? "none" : prefixes(table));
    report.labelled("index", Report.count(table.indexLevels(), "level"));
    report.labelled("sequences", Report.range(table.smallestSequence(), table.largestSequence()));
    report.labelled(
        "keys",
        Report.key(table.smallest())
            + (table.isLargestExclusive() ? " up to " : " to ")
            + Report.key(table.largest()));
  }

  private static String blocks(TableContents table, Printer printer) {
    return table.blocks()
        + ", "
        + printer.bytes
        + " bytes in "
        + printer.storedBytes
        + "; compressed: "
        + printer.compressed;
  }

  private static String filter(TableContents table) {
    double bits = table.entries() == 0 ? 0 : table.filterLines() * 512.0 / table.entries();
    return String.format(
        Locale.ROOT,
        "%s of 64 bytes, %d probes, %.1f bits a row",
        Report.count(table.filterLines(), "line"),
        table.filterProbes(),
        bits);
  }

  private static String prefixes(TableContents table) {
    return table.prefixLengths().stream()
        .map(length ->
            "first " + Report.count(length.bytes(), "byte") + " in namespace " + length.namespace())
        .collect(
            Collectors.joining(
                "; ",
                Report.count(table.prefixFilterLines(), "line")
                    + " of 64 bytes, "
                    + table.prefixFilterProbes()
                    + " probes; ",
                ""));
  }

  private static void json(TableContents table, Report report) {
    for (TableContents.Part part : table.parts()) {
      report.line(
          Json.object()
              .field("type", "part")
              .field("name", part.name())
              .field("offset", part.offset())
              .field("bytes", part.bytes()));
    }
    for (TableContents.PrefixLength length : table.prefixLengths()) {
      report.line(
          Json.object()
              .field("type", "prefixLength")
              .field("namespace", length.namespace())
              .field("bytes", length.bytes()));
    }
    Json json =
        Json.object()
            .field("type", "table")
            .field("file", table.file())
            .field("format", table.formatVersion())
            .field("store", table.storeUuid().toString())
            .field("bytes", table.bytes())
            .field("blocks", table.blocks())
            .field("entries", table.entries())
            .field("deletions", table.deletions())
            .field("rangeDeletions", table.rangeDeletions())
            .field("rawKeyBytes", table.rawKeyBytes())
            .field("rawValueBytes", table.rawValueBytes())
            .field("smallestSequence", table.smallestSequence())
            .field("largestSequence", table.largestSequence())
            .field("createdMillis", table.createdMillis())
            .field("filterLines", table.filterLines())
            .field("filterProbes", table.filterProbes())
            .field("prefixFilterLines", table.prefixFilterLines())
            .field("prefixFilterProbes", table.prefixFilterProbes())
            .field("indexLevels", table.indexLevels())
            .field("expiring", table.expiring())
            .field("smallestExpiryMillis", table.smallestExpiryMillis())
            .field("largestExpiryMillis", table.largestExpiryMillis());
    Report.key(json, "smallest", table.smallest());
    Report.key(json, "largest", table.largest());
    report.line(json.field("largestExclusive", table.isLargestExclusive()));
  }

  private static final class Printer implements TableVisitor {
    private final Report report;
    private final boolean wantsRows;
    private boolean isDamaged;
    private long bytes;
    private long storedBytes;
    private int compressed;

    Printer(Report report, boolean wantsRows) {
      this.report = report;
      this.wantsRows = wantsRows;
    }

    @Override
    public boolean wantsRows() {
      return wantsRows;
    }

    @Override
    public void block(Block block) {
      bytes += block.bytes();
      storedBytes += block.storedBytes();
      compressed += block.compression().equals("lz4") ? 1 : 0;
      isDamaged |= !block.damage().isEmpty();
      if (report.isJson()) {
        Json json =
            Json.object()
                .field("type", "block")
                .field("ordinal", block.ordinal())
                .field("offset", block.offset())
                .field("storedBytes", block.storedBytes());
        if (block.damage().isEmpty()) {
          json.field("bytes", block.bytes())
              .field("compression", block.compression())
              .field("rows", block.rows());
          Report.key(json, "firstKey", block.firstKey());
        } else {
          json.field("damage", block.damage());
        }
        report.line(json);
        return;
      }
      String what =
          block.damage().isEmpty()
              ? (block.compression().equals("none") ? "" : " (" + block.bytes() + " before lz4)")
                  + ", "
                  + Report.count(block.rows(), "row")
                  + " from "
                  + Report.key(block.firstKey())
              : ", damaged: " + block.damage();
      report.line(
          "block "
              + block.ordinal()
              + " @"
              + block.offset()
              + ": "
              + Report.count(block.storedBytes(), "byte")
              + what);
    }

    @Override
    public void row(Row row) {
      boolean isPut = row.kind().startsWith("PUT");
      if (report.isJson()) {
        Json json = Report.key(Json.object().field("type", "row"), "key", row.key());
        json.field("sequence", row.sequence()).field("kind", row.kind());
        if (row.expiresAtMillis() >= 0) {
          json.field("expiresAtMillis", row.expiresAtMillis());
        }
        report.line(isPut ? Report.bytes(json, "value", row.value()) : json);
      } else {
        report.line(
            "  "
                + Report.key(row.key())
                + " #"
                + row.sequence()
                + " "
                + row.kind()
                + (isPut ? " " + Report.quoted(row.value()) : "")
                + (row.expiresAtMillis() < 0
                    ? ""
                    : " until " + Report.time(row.expiresAtMillis())));
      }
    }

    @Override
    public void rangeTombstone(RangeDelete tombstone) {
      if (report.isJson()) {
        Json json = Json.object().field("type", "rangeTombstone");
        Report.key(json, "start", tombstone.start());
        Report.key(json, "end", tombstone.end());
        report.line(json.field("sequence", tombstone.sequence()));
      } else {
        report.line(
            "range tombstone "
                + Report.key(tombstone.start())
                + " up to "
                + Report.key(tombstone.end())
                + " #"
                + tombstone.sequence());
      }
    }
  }
}
