package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.Backups;

/// `atlaskv backup list REPOSITORY`.
final class BackupListTool extends Tool {
  BackupListTool() {
    super("backup list", "REPOSITORY", "Lists the backups in a repository, oldest first.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    var report = new Report(arguments, terminal);
    Backups.list(path(arguments)).forEach(backup -> BackupReport.line(report, backup));
    return ToolMain.EXIT_SOUND;
  }
}
