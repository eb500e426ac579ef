package io.atlaskv.cli;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.server.ServerSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `atlaskv server`: turns flags into [ServerSettings] and runs the server.
final class ServerCommand {
  private static final String BIND = "--bind";
  private static final String DIR = "--dir";
  private static final String DURABILITY = "--durability";
  private static final String LOOPS = "--loops";
  private static final String MEMORY_LIMIT = "--memory-limit";
  private static final String MEMTABLE_SIZE = "--memtable-size";
  private static final String PORT = "--port";
  private static final String TABLE_SIZE = "--table-size";
  private static final String WAL_SEGMENT_SIZE = "--wal-segment-size";

  private ServerCommand() {}

  static CommandSpec spec() {
    var spec = CommandSpec.create().version(Main.version());
    spec.usageMessage(new UsageMessageSpec().description("Serves a data directory."));
    return spec.addOption(flag(PORT, "PORT", "Port to listen on; 0 takes a free one. [6379]"))
        .addOption(flag(BIND, "ADDRESS", "Address to listen on. [127.0.0.1]"))
        .addOption(flag(DIR, "DIR", "Where the data is; made if missing. [data]"))
        .addOption(
            flag(
                DURABILITY,
                "MODE",
                "always: on disk before the reply; interval:TIME: synced every TIME, say 100ms or"
                    + " 1s; os: when the system does. [interval:100ms]"))
        .addOption(flag(LOOPS, "N", "Event loops, 1 to 64. [half of the processors]"))
        .addOption(
            flag(
                MEMORY_LIMIT,
                "SIZE",
                "Memory of the process, say 512mb. [a quarter of the machine's]"))
        .addOption(flag(MEMTABLE_SIZE, "SIZE", "Flush a memtable at this. [from the memory limit]"))
        .addOption(flag(WAL_SEGMENT_SIZE, "SIZE", "Largest log segment. [128mb]"))
        .addOption(flag(TABLE_SIZE, "SIZE", "Table size that compaction aims at. [16mb]"))
        .addOption(Main.helpFlag())
        .addOption(Main.versionFlag());
  }

  private static OptionSpec flag(String name, String valueName, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .paramLabel(valueName)
        .description(description)
        .build();
  }

  /// Reads the flags.
  ///
  /// @throws ParameterException in one sentence: flag, value, what is allowed
  static ServerSettings settings(ParseResult parsed) {
    ServerSettings defaults = ServerSettings.DEFAULT;
    int port = read(parsed, PORT, defaults.port(), ServerCommand::port);
    String bind = read(parsed, BIND, defaults.bind(), ServerCommand::address);
    Path directory = read(parsed, DIR, defaults.directory(), ServerCommand::directory);

    Options options = defaults.options();
    options = with(parsed, DURABILITY, options, Durability::parse, Options::withDurability);
    options = withSize(parsed, MEMORY_LIMIT, options, Options::withMemoryLimitBytes);
    options = withSize(parsed, MEMTABLE_SIZE, options, Options::withMemtableBytes);
    options = withSize(parsed, WAL_SEGMENT_SIZE, options, Options::withLogSegmentBytes);
    options = withSize(parsed, TABLE_SIZE, options, Options::withTableBytes);
    int loops = read(parsed, LOOPS, defaults.loops(), ServerCommand::loops);
    return new ServerSettings(bind, port, directory, options, loops);
  }

  private static int port(String text) {
    int port = -1;
    if (text.matches("[0-9]{1,5}")) {
      port = Integer.parseInt(text);
    }
    if (port < 0 || port > ServerSettings.PORT_MAX) {
      throw new IllegalArgumentException("must be a number from 0 to " + ServerSettings.PORT_MAX);
    }
    return port;
  }

  private static int loops(String text) {
    int loops = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : 0;
    if (loops < 1 || loops > ServerSettings.LOOPS_MAX) {
      throw new IllegalArgumentException("must be a number from 1 to " + ServerSettings.LOOPS_MAX);
    }
    return loops;
  }

  private static String address(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must be an address or a host name");
    }
    return text.strip();
  }

  private static Path directory(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must be the path of a directory");
    }
    return Path.of(text);
  }

  private static Options withSize(
      ParseResult parsed, String flag, Options options, BiFunction<Options, Long, Options> with) {
    return with(parsed, flag, options, ByteSize::parse, with);
  }

  private static <T> Options with(
      ParseResult parsed,
      String flag,
      Options options,
      Function<String, T> parser,
      BiFunction<Options, T, Options> with) {
    return read(parsed, flag, options, text -> with.apply(options, parser.apply(text)));
  }

  private static <T> T read(
      ParseResult parsed, String flag, T fallback, Function<String, T> parser) {
    if (!parsed.hasMatchedOption(flag)) {
      return fallback;
    }
    String text = parsed.matchedOptionValue(flag, "");
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) { // InvalidPathException is one too
      throw new ParameterException(
          parsed.commandSpec().commandLine(), flag + " '" + text + "': " + e.getMessage(), e);
    }
  }

  /// Serves until it is told to stop, by SHUTDOWN or a signal; returns the exit code.
  static int serve(ServerSettings settings, PrintWriter out, PrintWriter err) {
    return new ServerRun(settings, out, err).run();
  }
}
