package io.atlaskv.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Entry point: parses the command line and runs the subcommand.
///
/// Commands are described through picocli's model, not its annotations: no reflection, hence
/// nothing to open in the module and less to do before a server answers.
public final class Main {
  static final int EXIT_FAILED = 1;
  static final int EXIT_USAGE = 2;

  private Main() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err));
  }

  /// Runs one command line and returns the exit code: 0 done, 1 failed, 2 not understood.
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandSpec root = CommandSpec.create().name("atlaskv").version(version());
    root.usageMessage(new UsageMessageSpec().description("Durable ordered key-value store."));
    root.addOption(helpFlag()).addOption(versionFlag());
    root.addSubcommand("server", ServerCommand.spec());
    return new CommandLine(root)
        .setOut(out)
        .setErr(err)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setExecutionStrategy(Main::execute)
        .setParameterExceptionHandler(Main::reportUsageMistake)
        .execute(args);
  }

  static OptionSpec helpFlag() {
    return OptionSpec.builder("--help", "-h").usageHelp(true).description("Shows this.").build();
  }

  static OptionSpec versionFlag() {
    return OptionSpec.builder("--version", "-V")
        .versionHelp(true)
        .description("Shows the version.")
        .build();
  }

  /// The version in the jar's manifest; "development" when run from class folders.
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return "AtlasKV " + (version == null ? "development" : version);
  }

  private static int execute(ParseResult parsed) {
    Integer helpGiven = CommandLine.executeHelpRequest(parsed);
    if (helpGiven != null) {
      return helpGiven;
    }
    if (!parsed.hasSubcommand()) {
      throw new ParameterException(parsed.commandSpec().commandLine(), "which command?");
    }
    ParseResult server = parsed.subcommand();
    CommandLine line = server.commandSpec().commandLine();
    return ServerCommand.serve(ServerCommand.settings(server), line.getOut(), line.getErr());
  }

  /// One sentence, not the whole usage text, which would bury it.
  private static int reportUsageMistake(ParameterException mistake, String[] args) {
    CommandLine line = mistake.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    line.getErr().println(command + ": " + mistake.getMessage() + " (see " + command + " --help)");
    return Main.EXIT_USAGE;
  }
}
