package io.atlaskv.redis.command;

import io.atlaskv.redis.resp.Keyword;
import java.util.Locale;

/// A command with what the hot path asks of its spec, unpacked.
public final class RegisteredCommand {
  final Command command;
  final CommandSpec spec;
  final Keyword name;
  final int arity;
  final boolean isWrite;
  final boolean isExclusive;
  final int firstKey;
  final int keyStep;
  private final String lowerName;

  RegisteredCommand(Command command) {
    this.command = command;
    spec = command.spec();
    name = Keyword.of(spec.name());
    lowerName = spec.name().toLowerCase(Locale.ROOT);
    arity = spec.arity();
    isWrite = spec.has(Flag.WRITE);
    isExclusive = spec.has(Flag.EXCLUSIVE);
    firstKey = spec.keys().first();
    keyStep = spec.keys().step();
  }

  public CommandSpec spec() {
    return spec;
  }

  /// The name as Redis reports it.
  public String lowerName() {
    return lowerName;
  }

  boolean takes(int count) {
    return arity >= 0 ? count == arity : count >= -arity;
  }
}
