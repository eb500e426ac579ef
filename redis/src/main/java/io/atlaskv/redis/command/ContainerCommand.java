package io.atlaskv.redis.command;

import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.List;

/// A command that is only a name for its subcommands.
public abstract class ContainerCommand implements Command {
  private final CommandSpec spec;
  private final List<Command> subcommands;

  protected ContainerCommand(CommandSpec spec, List<Command> subcommands) {
    this.spec = spec;
    this.subcommands = List.copyOf(subcommands);
  }

  @Override
  public final CommandSpec spec() {
    return spec;
  }

  @Override
  public final List<Command> subcommands() {
    return subcommands;
  }

  @Override
  public final Outcome run(Context context, Args args, ReplyWriter reply) {
    throw new IllegalStateException(spec.name() + " has run without a subcommand");
  }
}
