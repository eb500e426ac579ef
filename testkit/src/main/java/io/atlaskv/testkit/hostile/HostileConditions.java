package io.atlaskv.testkit.hostile;

import java.util.ArrayList;
import java.util.List;

/// Program: bad flags, bad disks, bad input; arguments at [ScenarioRun].
public final class HostileConditions {
  private HostileConditions() {}

  /// Entry point.
  public static void main(String[] arguments) {
    System.exit(new ScenarioRun("bad input", scenarios()).run(arguments));
  }

  private static List<Scenario> scenarios() {
    var scenarios = new ArrayList<>(StartScenarios.all());
    scenarios.add(new Scenario("protocol errors", MalformedInputScenario::protocolErrors));
    scenarios.add(new Scenario("fuzzed RESP", MalformedInputScenario::fuzz));
    scenarios.add(new Scenario("oversized value", MalformedInputScenario::oversizedValue));
    scenarios.add(new Scenario("full disk", FullDiskScenario::run));
    return scenarios;
  }
}
