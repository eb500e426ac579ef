package io.atlaskv.cli;

import io.atlaskv.cli.Flags.Flag;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.server.DoorPort;
import io.atlaskv.server.DoorSettings;
import io.atlaskv.server.ServerSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// `atlaskv server`: turns flags into [ServerSettings] and runs the server.
final class ServerCommand {
  private static final String BIND = "--bind";
  private static final String DIR = "--dir";
  private static final String DURABILITY = "--durability";
  private static final String HTTP_BIND = "--http-bind";
  private static final String HTTP_PORT = "--http-port";
  private static final String LOOPS = "--loops";
  private static final String MEMORY_LIMIT = "--memory-limit";
  private static final String MEMTABLE_SIZE = "--memtable-size";
  private static final String NATIVE_PORT = "--native-port";
  private static final String PORT = "--port";
  private static final String TABLE_SIZE = "--table-size";
  private static final String WAL_SEGMENT_SIZE = "--wal-segment-size";

  private static final List<Flag> FLAGS =
      List.of(
          new Flag(PORT, "PORT", "port to listen on; 0 takes a free one [6379]"),
          new Flag(BIND, "ADDRESS", "address to listen on [127.0.0.1]"),
          new Flag(
              NATIVE_PORT, "PORT", "native protocol; 0 takes a free one [6380 without --port]"),
          new Flag(HTTP_PORT, "PORT", "/health, /ready, /metrics; 0 too [6381 without --port]"),
          new Flag(HTTP_BIND, "ADDRESS", "address of the HTTP port [127.0.0.1]"),
          new Flag(DIR, "DIR", "where the data is; made if missing [data]"),
          new Flag(DURABILITY, "MODE", "always, interval:TIME or os [interval:100ms]"),
          new Flag(MEMORY_LIMIT, "SIZE", "memory of the process, say 512mb [1/4 of the machine's]"),
          new Flag(LOOPS, "N", "event loops, 1 to 64 [half of the processors]"),
          new Flag(MEMTABLE_SIZE, "SIZE", "size that flushes a memtable [from the memory limit]"),
          new Flag(WAL_SEGMENT_SIZE, "SIZE", "largest log segment [128mb]"),
          new Flag(TABLE_SIZE, "SIZE", "table size that compaction aims at [16mb]"));

  private ServerCommand() {}

  /// The help text of this command.
  static String help() {
    return "Usage: atlaskv server [FLAG VALUE]...\nServes a data directory.\n\n"
        + Flags.help(FLAGS);
  }

  /// Reads the flags.
  ///
  /// @throws UsageException in one sentence: flag, value, what is allowed
  static ServerSettings settings(List<String> arguments) throws UsageException {
    Flags flags = Flags.parse(FLAGS, arguments);
    ServerSettings defaults = ServerSettings.DEFAULT;
    int port = read(flags, PORT, defaults.port(), ServerCommand::port);
    String bind = read(flags, BIND, defaults.bind(), ServerCommand::address);
    Path directory = read(flags, DIR, defaults.directory(), ServerCommand::directory);
    int loops = read(flags, LOOPS, defaults.loops(), ServerCommand::loops);

    Options options = defaults.options();
    options = with(flags, DURABILITY, options, Durability::parse, Options::withDurability);
    options = withSize(flags, MEMORY_LIMIT, options, Options::withMemoryLimitBytes);
    options = withSize(flags, MEMTABLE_SIZE, options, Options::withMemtableBytes);
    options = withSize(flags, WAL_SEGMENT_SIZE, options, Options::withLogSegmentBytes);
    options = withSize(flags, TABLE_SIZE, options, Options::withTableBytes);
    return new ServerSettings(bind, port, directory, options, loops);
  }

  /// Reads the flags of the other doors. All are open where no port was given; else those that were
  /// asked for.
  ///
  /// @throws UsageException as `settings`
  static DoorSettings doors(List<String> arguments) throws UsageException {
    Flags flags = Flags.parse(FLAGS, arguments);
    boolean isPlain = flags.value(PORT) == null;
    DoorSettings defaults = isPlain ? DoorSettings.DEFAULT : DoorSettings.NONE;
    return new DoorSettings(
        read(flags, NATIVE_PORT, defaults.nativePort(), text -> DoorPort.required(port(text))),
        read(flags, HTTP_PORT, defaults.httpPort(), text -> DoorPort.required(port(text))),
        read(flags, HTTP_BIND, defaults.httpBind(), ServerCommand::address));
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
      Flags flags, String flag, Options options, BiFunction<Options, Long, Options> with)
      throws UsageException {
    return with(flags, flag, options, ByteSize::parse, with);
  }

  private static <T> Options with(
      Flags flags,
      String flag,
      Options options,
      Function<String, T> parser,
      BiFunction<Options, T, Options> with)
      throws UsageException {
    return read(flags, flag, options, text -> with.apply(options, parser.apply(text)));
  }

  private static <T> T read(Flags flags, String flag, T fallback, Function<String, T> parser)
      throws UsageException {
    String text = flags.value(flag);
    if (text == null) {
      return fallback;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) { // InvalidPathException is one too
      throw new UsageException(flag + " '" + text + "': " + e.getMessage());
    }
  }

  /// Serves until it is told to stop, by SHUTDOWN or a signal; returns the exit code.
  static int serve(ServerSettings settings, DoorSettings doors, PrintWriter out, PrintWriter err) {
    return new ServerRun(settings, doors, out, err).run();
  }
}
