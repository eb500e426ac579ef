package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.tools.RepairReport;
import java.util.Locale;

/// `atlaskv repair DIR`.
final class RepairTool extends Tool {
  RepairTool() {
    super(
        "repair",
        "DIR",
        "Makes a damaged data directory that no server has open one that opens, with all that can be\n"
            + "read; tells what is lost. Files that are replaced are kept in DIR/lost-1.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    var report = new Report(arguments, terminal);
    RepairReport done =
        StoreTools.repair(
            path(arguments), loss -> report.line(report.isJson() ? json(loss).end() : text(loss)));
    if (report.isJson()) {
      report.line(json(done));
    } else {
      text(done, report);
    }
    return done.isChanged() ? ToolMain.EXIT_DAMAGED : ToolMain.EXIT_SOUND;
  }

  private static String text(Loss loss) {
    var text = new StringBuilder(loss.toString());
    Bytes after = loss.after();
    Bytes before = loss.before();
    if (after != null || before != null) {
      text.append("\n  keys");
      text.append(after == null ? "" : " behind " + Report.key(after));
      text.append(
          before == null ? "" : (after == null ? "" : " and") + " before " + Report.key(before));
    }
    text.append("\n  lost: ");
    text.append(
        loss.isCounted() ? Report.count(loss.entries(), "row") : "nobody knows how many rows");
    return text.toString();
  }

  private static Json json(Loss loss) {
    Json json =
        Json.object()
            .field("type", "loss")
            .field("file", loss.file())
            .field("offset", loss.offset())
            .field("bytes", loss.bytes())
            .field("detail", loss.detail());
    Bytes after = loss.after();
    Bytes before = loss.before();
    if (after != null) {
      Report.key(json, "after", after);
    }
    if (before != null) {
      Report.key(json, "before", before);
    }
    return loss.isCounted() ? json.field("entries", loss.entries()) : json;
  }

  private static void text(RepairReport done, Report report) {
    if (!done.isChanged()) {
      report.line("sound: " + Report.count(done.tablesKept(), "table") + ", nothing was changed");
      return;
    }
    report.line(
        "REPAIRED: "
            + (done.isCounted() ? "" : "at least ")
            + Report.count(done.entriesLost(), "row")
            + " lost in "
            + Report.count(done.losses(), "place"));
    report.line(
        "manifest: "
            + switch (done.manifest()) {
              case KEPT -> "read";
              case FOUND -> "found without CURRENT";
              case REBUILT -> "lost, rebuilt from tables and log";
            }
            + "; tables: "
            + done.tablesKept()
            + " sound, "
            + done.tablesRewritten()
            + " rewritten, "
            + done.tablesLost()
            + " lost; log: "
            + (done.isLogKept()
                ? "sound"
                : Report.count(done.logOperations(), "operation") + " taken into tables"));
    report.line("the files as they were are in " + done.aside() + ", delete it when all is well");
  }

  private static Json json(RepairReport done) {
    return Json.object()
        .field("type", "report")
        .field("changed", done.isChanged())
        .field("manifest", done.manifest().name().toLowerCase(Locale.ROOT))
        .field("tablesKept", done.tablesKept())
        .field("tablesRewritten", done.tablesRewritten())
        .field("tablesLost", done.tablesLost())
        .field("logKept", done.isLogKept())
        .field("logOperations", done.logOperations())
        .field("losses", done.losses())
        .field("entriesLost", done.entriesLost())
        .field("counted", done.isCounted())
        .field("aside", done.aside());
  }
}
