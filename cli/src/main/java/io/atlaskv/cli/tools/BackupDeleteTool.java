package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.Backups;
import java.nio.file.Path;

/// `atlaskv backup delete REPOSITORY NUMBER`.
final class BackupDeleteTool extends Tool {
  BackupDeleteTool() {
    super(
        "backup delete",
        "REPOSITORY NUMBER",
        "Deletes a backup; what it shares with others stays theirs.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    Path repository = paths(arguments, 2).getFirst();
    long number = BackupReport.number(arguments);
    Backups.delete(repository, number);
    var report = new Report(arguments, terminal);
    if (report.isJson()) {
      report.line(Json.object().field("type", "report").field("deleted", number));
    } else {
      report.line("backup " + number + " deleted");
    }
    return ToolMain.EXIT_SOUND;
  }
}
