package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.api.tools.VerifyListener;
import io.atlaskv.engine.api.tools.VerifyReport;

/// `atlaskv verify DIR`.
final class VerifyTool extends Tool {
  private static final int PERCENT = 100;

  VerifyTool() {
    super(
        "verify",
        "DIR",
        "Reads every file of a data directory that no server has open, and tells what is damaged.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    var report = new Report(arguments, terminal);
    var printer = new Printer(report, terminal);
    VerifyReport found = StoreTools.verify(path(arguments), printer);
    printer.clearProgress();
    if (report.isJson()) {
      json(found, report);
    } else {
      text(found, report);
    }
    return found.isSound() ? ToolMain.EXIT_SOUND : ToolMain.EXIT_DAMAGED;
  }

  private static void text(VerifyReport found, Report report) {
    report.line(
        (found.isSound() ? "sound" : "DAMAGED")
            + ": "
            + Report.count(found.damages(), "damage")
            + ", "
            + Report.count(found.notes(), "note"));
    report.line(
        Report.count(found.tables(), "table")
            + " of "
            + Report.count(found.tableBytes(), "byte")
            + " with "
            + Report.count(found.entries(), "row")
            + "; log: "
            + Report.count(found.logOperations(), "operation")
            + " in "
            + Report.count(found.logBytes(), "byte")
            + (found.isSealed() ? ", closed in good order" : ", not closed")
            + "; last sequence "
            + found.lastSequence());
  }

  private static void json(VerifyReport found, Report report) {
    report.line(
        Json.object()
            .field("type", "report")
            .field("sound", found.isSound())
            .field("damages", found.damages())
            .field("notes", found.notes())
            .field("tables", found.tables())
            .field("tableBytes", found.tableBytes())
            .field("entries", found.entries())
            .field("logBatches", found.logBatches())
            .field("logOperations", found.logOperations())
            .field("logBytes", found.logBytes())
            .field("lastSequence", found.lastSequence())
            .field("sealed", found.isSealed()));
  }

  /// Findings go to standard output as they are met; progress, for people only, to standard error.
  private static final class Printer implements VerifyListener {
    private final Report report;
    private final Terminal terminal;
    private long percent = -1;

    Printer(Report report, Terminal terminal) {
      this.report = report;
      this.terminal = terminal;
    }

    @Override
    public void finding(Finding finding) {
      clearProgress();
      if (report.isJson()) {
        report.line(
            Json.object()
                .field("type", finding.isDamage() ? "damage" : "note")
                .field("file", finding.file())
                .field("offset", finding.offset())
                .field("detail", finding.detail()));
      } else {
        report.line((finding.isDamage() ? "" : "note: ") + finding);
      }
    }

    @Override
    public void progress(String file, long doneBytes, long totalBytes) {
      long now = totalBytes == 0 ? PERCENT : doneBytes * PERCENT / totalBytes;
      if (terminal.isInteractive() && !report.isJson() && now != percent) {
        percent = now;
        terminal.err().print("\r" + now + " % " + file);
        terminal.err().flush();
      }
    }

    void clearProgress() {
      if (percent >= 0) {
        percent = -1;
        terminal.err().print("\r" + " ".repeat(40) + "\r");
        terminal.err().flush();
      }
    }
  }
}
