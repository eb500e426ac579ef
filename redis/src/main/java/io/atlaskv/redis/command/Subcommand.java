package io.atlaskv.redis.command;

import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// A subcommand that is small enough to be a method of its container. Argument 0 is the name of the
/// container, argument 1 its own.
public final class Subcommand implements Command {
  /// Runs as `Command.run`.
  @FunctionalInterface
  public interface Action {
    Outcome run(Context context, Args args, ReplyWriter reply);
  }

  /// Writes a reply and is done.
  @FunctionalInterface
  public interface Answer {
    void write(Context context, Args args, ReplyWriter reply);
  }

  /// Whether an argument is a secret (`Command.isSecret`).
  @FunctionalInterface
  public interface Secrets {
    boolean isSecret(Settings settings, Args args, int argument);
  }

  private final CommandSpec spec;
  private final Action action;
  private final Secrets secrets;

  private Subcommand(CommandSpec spec, Action action, Secrets secrets) {
    this.spec = spec;
    this.action = action;
    this.secrets = secrets;
  }

  public static Subcommand of(CommandSpec spec, Action action) {
    return new Subcommand(spec, action, (_, _, _) -> false);
  }

  /// The same with arguments that nobody else may see.
  public Subcommand withSecrets(Secrets value) {
    return new Subcommand(spec, action, value);
  }

  /// One that always is done at once.
  public static Subcommand answering(CommandSpec spec, Answer answer) {
    return of(
        spec,
        (context, args, reply) -> {
          answer.write(context, args, reply);
          return Outcome.DONE;
        });
  }

  /// `HELP` of a container: `lines` are Redis' own, without the first and the last two.
  public static Subcommand help(CommandSpec container, String since, String... lines) {
    CommandSpec spec =
        CommandSpec.of("HELP", 2, container.group(), Flag.LOADING, Flag.STALE)
            .categories(container.categories().toArray(AclCategory[]::new))
            .doc(since, "O(1)", "", "Returns helpful text about the different subcommands.");
    return answering(
        spec,
        (_, _, reply) -> {
          reply.array(lines.length + 3L);
          reply.simple(
              container.name() + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
          for (String line : lines) {
            reply.simple(line);
          }
          reply.simple("HELP");
          reply.simple("    Print this help.");
        });
  }

  @Override
  public CommandSpec spec() {
    return spec;
  }

  @Override
  public boolean isSecret(Settings settings, Args args, int argument) {
    return secrets.isSecret(settings, args, argument);
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return action.run(context, args, reply);
  }
}
