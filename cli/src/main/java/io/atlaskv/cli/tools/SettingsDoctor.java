package io.atlaskv.cli.tools;

import io.atlaskv.cli.config.Configuration;
import io.atlaskv.cli.config.ConfigurationException;
import io.atlaskv.engine.internal.io.MachineMemory;
import io.atlaskv.redis.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Looks at a configuration file: what is wrong with it, and settings that contradict each other.
final class SettingsDoctor {
  private SettingsDoctor() {}

  static List<Diagnosis> examine(String file) {
    var found = new ArrayList<Diagnosis>();
    try {
      Configuration configuration = Configuration.read(List.of("--config", file), Map.of());
      configuration
          .warnings()
          .forEach(warning -> found.add(new Diagnosis("settings", warning, "correct " + file)));
      contradictions(configuration.settings(), MachineMemory.bytes(), found);
    } catch (ConfigurationException e) {
      e.sentences()
          .forEach(sentence -> found.add(new Diagnosis("settings", sentence, "correct " + file)));
    }
    if (found.isEmpty()) {
      found.add(Diagnosis.fine("settings", file));
    }
    return found;
  }

  private static void contradictions(Settings settings, long machineBytes, List<Diagnosis> found) {
    long limit = settings.storage.memoryLimit.value();
    long caches = settings.storage.blockCacheSize.value() + settings.storage.rowCacheSize.value();
    long memtable = settings.storage.memtableSize.value();
    if (limit > machineBytes) {
      found.add(
          new Diagnosis(
              "settings",
              "memory-limit is "
                  + Report.size(limit)
                  + ", the machine has "
                  + Report.size(machineBytes),
              "set memory-limit lower"));
    }
    if (limit > 0 && caches + memtable > limit) {
      found.add(
          new Diagnosis(
              "settings",
              "block-cache-size, row-cache-size and memtable-size are "
                  + Report.size(caches + memtable)
                  + ", memory-limit is "
                  + Report.size(limit),
              "set them lower, or leave them to the limit"));
    }
  }
}
