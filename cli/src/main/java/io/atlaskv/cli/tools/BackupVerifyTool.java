package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.Backups;
import io.atlaskv.engine.api.tools.Finding;
import java.nio.file.Path;
import java.util.List;

/// `atlaskv backup verify REPOSITORY NUMBER`.
final class BackupVerifyTool extends Tool {
  BackupVerifyTool() {
    super(
        "backup verify",
        "REPOSITORY NUMBER",
        "Reads all of a backup and compares it with its checksums.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    Path repository = paths(arguments, 2).getFirst();
    long number = BackupReport.number(arguments);
    var report = new Report(arguments, terminal);
    List<Finding> findings = Backups.verify(repository, number);
    for (Finding finding : findings) {
      if (report.isJson()) {
        report.line(
            Json.object()
                .field("type", "damage")
                .field("file", finding.file())
                .field("offset", finding.offset())
                .field("detail", finding.detail()));
      } else {
        report.line("DAMAGE " + finding);
      }
    }
    if (report.isJson()) {
      report.line(
          Json.object()
              .field("type", "report")
              .field("number", number)
              .field("sound", findings.isEmpty()));
    } else if (findings.isEmpty()) {
      report.line("backup " + number + " is sound");
    }
    return findings.isEmpty() ? ToolMain.EXIT_SOUND : ToolMain.EXIT_DAMAGED;
  }
}
