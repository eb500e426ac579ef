package io.atlaskv.cli.config;

import io.atlaskv.redis.config.Origin;
import io.atlaskv.redis.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Settings in `ATLASKV_*`: `ATLASKV_MEMORY_LIMIT` is `memory-limit`.
///
/// @param given by names of settings
/// @param warnings about names that are no setting's
record EnvironmentVariables(List<Given> given, List<String> warnings) {
  static final String PREFIX = "ATLASKV_";

  /// Of the launcher and of the checks, not of the server.
  private static final Set<String> OTHERS = Set.of("ATLASKV_HEAP", "ATLASKV_JAVA_OPTS");

  private static final String CHECKS = "ATLASKV_CI_";

  /// Kubernetes tells every container of a service named atlaskv in variables of this form.
  private static final String SERVICE_ADDRESS = "tcp://";

  EnvironmentVariables {
    given = List.copyOf(given);
    warnings = List.copyOf(warnings);
  }

  static EnvironmentVariables read(Map<String, String> environment, Settings settings) {
    var given = new ArrayList<Given>();
    var warnings = new ArrayList<String>();
    new TreeMap<>(environment)
        .forEach((variable, value) -> {
          if (!variable.startsWith(PREFIX)
              || variable.startsWith(CHECKS)
              || OTHERS.contains(variable)
              || value.startsWith(SERVICE_ADDRESS)) {
            return;
          }
          String name = nameOf(variable);
          if (settings.find(name) == null) {
            warnings.add(
                variable
                    + ": there is no setting '"
                    + name
                    + "'"
                    + NearestName.hint(name, settings.byName().keySet()));
          } else {
            given.add(
                new Given(name, List.of(value), new Origin(Origin.Door.ENVIRONMENT, variable)));
          }
        });
    return new EnvironmentVariables(given, warnings);
  }

  private static String nameOf(String variable) {
    return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
