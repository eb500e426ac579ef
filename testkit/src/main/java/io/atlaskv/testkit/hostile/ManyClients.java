package io.atlaskv.testkit.hostile;

import java.util.List;

/// Program: many clients, and clients that take more than their share; arguments at [ScenarioRun].
public final class ManyClients {
  private ManyClients() {}

  /// Entry point.
  public static void main(String[] arguments) {
    var scenarios =
        List.of(
            new Scenario("10,000 connections", ManyConnectionsScenario::run),
            new Scenario("slow readers", SlowReaderScenario::run),
            new Scenario("slow reader over its limit", OutputLimitScenario::reader),
            new Scenario("slow subscriber over its limit", OutputLimitScenario::subscriber),
            new Scenario("clients without the password", StrangerScenario::run),
            new Scenario("64 file descriptors", FileDescriptorScenario::few),
            new Scenario("256 file descriptors", FileDescriptorScenario::some));
    System.exit(new ScenarioRun("many clients", scenarios).run(arguments));
  }
}
