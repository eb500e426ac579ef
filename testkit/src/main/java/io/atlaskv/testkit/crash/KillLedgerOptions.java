package io.atlaskv.testkit.crash;

import io.atlaskv.testkit.process.ServerCommand;
import java.util.Arrays;
import java.util.List;

/// What [KillLedger] runs.
///
/// @param server command line without the durability mode
/// @param modeFlag flag before the durability mode
/// @param modes durability modes; the kills are spread evenly over them
/// @param kills kills in all
/// @param writers connections that write
/// @param slots keys of each writer
/// @param seed of all operations, pipelines and kill times
/// @param arePhasesRequired whether a phase that no kill hit is a failure
public record KillLedgerOptions(
    ServerCommand server,
    String modeFlag,
    List<String> modes,
    int kills,
    int writers,
    int slots,
    long seed,
    boolean arePhasesRequired) {
  private static final String USAGE =
      """
      usage: KillLedger [--server COMMAND] [--mode-flag FLAG] [--modes A,B] [--kills N] [--writers N]
                        [--slots N] [--seed N] [--phases required|counted]
        COMMAND may contain {dir} and {port}; without {port} it must print 127.0.0.1:PORT\
      """;

  private static final String DEFAULT_SERVER =
      "./atlaskv server --port 0 --dir {dir} --memtable-size 1mb"
          + " --wal-segment-size 256kb --table-size 256kb";

  public static final KillLedgerOptions DEFAULT =
      new KillLedgerOptions(
          ServerCommand.of(DEFAULT_SERVER),
          "--durability",
          List.of("always", "interval:100ms", "os"),
          100,
          4,
          8000,
          42,
          true);

  public KillLedgerOptions {
    if (kills < modes.size() || modes.isEmpty()) {
      throw new IllegalArgumentException("kills=" + kills + " must be >= modes=" + modes);
    }
    if (writers < 1 || slots < 2) {
      throw new IllegalArgumentException("writers=" + writers + ", slots=" + slots);
    }
    modes = List.copyOf(modes);
  }

  static KillLedgerOptions parse(String... arguments) {
    var options = DEFAULT;
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " has no value\n" + USAGE);
      }
      options = options.with(arguments[i], arguments[i + 1]);
    }
    return options;
  }

  KillLedgerOptions with(String flag, String value) {
    var newServer = server;
    var newModeFlag = modeFlag;
    var newModes = modes;
    int newKills = kills;
    int newWriters = writers;
    int newSlots = slots;
    long newSeed = seed;
    boolean newRequired = arePhasesRequired;
    switch (flag) {
      case "--server" -> newServer = ServerCommand.of(value);
      case "--mode-flag" -> newModeFlag = value;
      case "--modes" -> newModes = Arrays.asList(value.split(",", -1));
      case "--kills" -> newKills = Integer.parseInt(value);
      case "--writers" -> newWriters = Integer.parseInt(value);
      case "--slots" -> newSlots = Integer.parseInt(value);
      case "--seed" -> newSeed = Long.parseLong(value);
      case "--phases" -> newRequired = value.equals("required");
      default -> throw new IllegalArgumentException("unknown flag " + flag + "\n" + USAGE);
    }
    return new KillLedgerOptions(
        newServer, newModeFlag, newModes, newKills, newWriters, newSlots, newSeed, newRequired);
  }
}
