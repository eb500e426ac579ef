package io.atlaskv.testkit.hostile;

import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.util.List;

/// Puts a server through scenarios and prints how it bore each.
///
/// Arguments of the programs: the server's command line in one word (default `./atlaskv server`),
/// and parts of the names of the scenarios to run. Where a right is missing (mounting a small disk)
/// a scenario is skipped, but with `CI=true` in the environment that is a failure.
record ScenarioRun(String title, List<Scenario> scenarios) {
  ScenarioRun {
    scenarios = List.copyOf(scenarios);
  }

  /// Returns the exit code.
  int run(String... arguments) {
    var command = arguments.length > 0 ? arguments[0] : "./atlaskv server";
    var wanted = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    var launcher = new ServerLauncher(ServerCommand.of(command));
    boolean isSkippingAllowed = !"true".equals(System.getenv("CI"));
    int passed = 0;
    int failed = 0;
    int skipped = 0;
    for (var scenario : scenarios) {
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
        title + ": " + passed + " passed, " + failed + " failed, " + skipped + " skipped");
    return failed == 0 ? 0 : 1;
  }
}
