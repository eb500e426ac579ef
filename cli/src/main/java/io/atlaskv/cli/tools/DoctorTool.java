package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Flag;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `atlaskv doctor DIR`: what of machine, directory and settings a server would suffer from.
final class DoctorTool extends Tool {
  private static final String CONFIG = "--config";

  DoctorTool() {
    super(
        "doctor",
        "DIR",
        "Looks at machine, data directory and settings, and says what to do about what is wrong.");
  }

  @Override
  List<Flag> flags() {
    return List.of(new Flag(CONFIG, "FILE", "the server's configuration, to be checked as well"));
  }

  @Override
  int run(Arguments arguments, Terminal terminal) throws IOException, MisuseException {
    Path directory = path(arguments);
    var found = new ArrayList<>(MachineDoctor.examine());
    found.addAll(DirectoryDoctor.examine(directory));
    @Nullable String configuration = arguments.value(CONFIG);
    if (configuration != null) {
      found.addAll(SettingsDoctor.examine(configuration));
    }
    var report = new Report(arguments, terminal);
    for (Diagnosis diagnosis : found) {
      if (report.isJson()) {
        report.line(
            Json.object()
                .field("type", "diagnosis")
                .field("what", diagnosis.what())
                .field("fine", diagnosis.isFine())
                .field("found", diagnosis.found())
                .field("advice", diagnosis.advice()));
      } else {
        report.labelled((diagnosis.isFine() ? "  " : "! ") + diagnosis.what(), diagnosis.found());
        if (!diagnosis.isFine()) {
          report.labelled("", "-> " + diagnosis.advice());
        }
      }
    }
    boolean isFine = found.stream().allMatch(Diagnosis::isFine);
    return isFine ? ToolMain.EXIT_SOUND : ToolMain.EXIT_DAMAGED;
  }
}
