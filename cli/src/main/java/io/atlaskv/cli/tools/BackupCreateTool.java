package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.StoreTools;
import java.nio.file.Path;
import java.util.List;

/// `atlaskv backup create DIR REPOSITORY`: opens the store as a server would, backs it up, closes
/// it.
final class BackupCreateTool extends Tool {
  BackupCreateTool() {
    super(
        "backup create",
        "DIR REPOSITORY",
        "Backs up a data directory that no server has open; copies what is new since the last backup.");
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws MisuseException {
    List<Path> paths = paths(arguments, 2);
    Path directory = paths.getFirst();
    Path repository = paths.getLast();
    if (isWithin(repository, directory)) {
      throw new MisuseException(
          "the repository '" + repository + "' must lie outside of '" + directory + "'");
    }
    var report = new Report(arguments, terminal);
    try (var db = AtlasKv.open(directory, optionsOf(StoreTools.manifest(directory)))) {
      BackupReport.line(report, db.backup(repository));
    }
    return ToolMain.EXIT_SOUND;
  }

  /// What lies there is lost with it.
  private static boolean isWithin(Path path, Path directory) {
    return path.toAbsolutePath().normalize().startsWith(directory.toAbsolutePath().normalize());
  }
}
