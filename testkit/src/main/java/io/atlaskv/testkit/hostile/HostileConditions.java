package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.util.ArrayList;
import java.util.List;

/// Program: puts a server through all scenarios and prints how it bore each.
///
/// Arguments: the server's command line in one word (default `./atlaskv server`), and parts of the
/// names of the scenarios to run. Where a right is missing (mounting a small disk) a scenario is
/// skipped, but with `CI=true` in the environment that is a failure.
public final class HostileConditions {
  private HostileConditions() {}

  /// Entry point.
  public static void main(String[] arguments) {
    var command = arguments.length > 0 ? arguments[0] : "./atlaskv server";
    var wanted = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    var launcher = new ServerLauncher(ServerCommand.of(command));
    boolean isSkippingAllowed = !"true".equals(System.getenv("CI"));
    int passed = 0;
    int failed = 0;
    int skipped = 0;
    for (var scenario : scenarios()) {
      if (!wanted.isEmpty() && wanted.stream().noneMatch(scenario.name()::contains)) {
        continue;
      }
      try (var directory = TemporaryDirectory.create("hostile")) {
        scenario.body().run(launcher, directory.path());
        System.out.println("ok       " + scenario.name());
        passed++;
      } catch (Scenario.ImpossibleHere e) {
        System.out.println("skipped  " + scenario.name() + ": " + e.getMessage());
        skipped += isSkippingAllowed ? 1 : 0;
        failed += isSkippingAllowed ? 0 : 1;
      } catch (Exception e) {
        System.out.println("FAILED   " + scenario.name() + ": " + e.getMessage());
        failed++;
      }
    }
    System.out.println(
        "bad input: " + passed + " passed, " + failed + " failed, " + skipped + " skipped");
    System.exit(failed == 0 ? 0 : 1);
  }

  private static List<Scenario> scenarios() {
    var scenarios = new ArrayList<>(StartScenarios.all());
    scenarios.add(new Scenario("protocol errors", MalformedInputScenario::protocolErrors));
    scenarios.add(new Scenario("fuzzed RESP", MalformedInputScenario::fuzz));
    scenarios.add(new Scenario("oversized value", MalformedInputScenario::oversizedValue));
    scenarios.add(new Scenario("slow readers", SlowReaderScenario::run));
    scenarios.add(new Scenario("full disk", FullDiskScenario::run));
    return scenarios;
  }
}
