package io.atlaskv.testkit.crash;

import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Program: kills a server under load again and again, and shows that it keeps what it
/// acknowledged.
///
/// The first kill of each four comes at a random moment (50 to 1500 ms after the writers start),
/// the others as soon after a random moment as `INFO persistence` shows a flush, a compaction or a
/// switch of the log segment. The printed counts of phases are of the last poll before the signal,
/// some 100 µs earlier.
///
/// Exit code 0: nothing was lost, nothing came back, and each phase was hit. In any other case, an
/// end from outside included, the data directory and the ledger are kept where the first line says;
/// the server is gone by then.
public final class KillLedger {
  private KillLedger() {}

  /// Entry point; see [KillLedgerOptions] for the flags.
  public static void main(String[] arguments) throws IOException {
    KillLedgerOptions options;
    try {
      options = KillLedgerOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    var directory = TemporaryDirectory.create("kill-ledger");
    boolean isGood = run(options, directory.path(), System.out);
    if (isGood) {
      directory.close();
    } else {
      System.out.println("kept for inspection: " + directory.path());
    }
    System.out.println(
        isGood ? "kill ledger: 1 passed, 0 failed" : "kill ledger: 0 passed, 1 failed");
    System.exit(isGood ? 0 : 1);
  }

  /// Runs all series below `directory`; true if every promise was kept and every phase was hit.
  static boolean run(KillLedgerOptions options, Path directory, PrintStream out)
      throws IOException {
    out.printf(
        Locale.ROOT,
        "kill ledger: %s; seed %d, %d writers with %d keys each; data in %s%n",
        options.server(),
        options.seed(),
        options.writers(),
        options.slots(),
        directory);
    var all = tally(options, directory, out);
    out.println("all: " + all);
    boolean isGood = all.isClean();
    for (var phase : Phase.values()) {
      if (options.arePhasesRequired() && all.killsIn(phase) == 0) {
        out.println("no kill hit phase " + phase + ": this run proves too little");
        isGood = false;
      }
    }
    return isGood;
  }

  static CrashTally tally(KillLedgerOptions options, Path directory, PrintStream out)
      throws IOException {
    var all = new CrashTally();
    int modes = options.modes().size();
    for (int number = 0; number < modes; number++) {
      var mode = options.modes().get(number);
      var home = Files.createDirectory(directory.resolve("series-" + number));
      var data = Files.createDirectory(home.resolve("data"));
      int kills = options.kills() / modes + (number < options.kills() % modes ? 1 : 0);
      var command = options.server().with(options.modeFlag(), mode);
      var series = new CrashSeries(command, data, home.resolve("ledger"), options, number);
      series.run(kills);
      out.println(mode + ": " + series.tally());
      series.tally().findings().stream().limit(20).forEach(finding -> out.println("  " + finding));
      all.add(series.tally());
    }
    return all;
  }
}
