package io.atlaskv.redis.command;

import io.atlaskv.redis.config.CommandNames;
import io.atlaskv.redis.resp.Keyword;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A command with what the hot path asks of its spec, unpacked.
public final class RegisteredCommand {
  final Command command;
  final CommandSpec spec;
  final Keyword name;
  final int arity;
  final boolean isWrite;
  final boolean needsMemory;
  final boolean touchesKeys;
  final boolean isExclusive;
  final boolean takesLatches;
  final boolean isNotQueued;
  final boolean runsQueue;
  final boolean isForSubscribed;
  final boolean isBeforeAuth;
  final boolean isHeldByPause;
  final boolean isMonitored;
  final int firstKey;
  final int lastKey;
  final int keyStep;
  final boolean isLight;
  private final int id;
  private final String lowerName;
  private final List<RegisteredCommand> subcommands;
  private final @Nullable NameTable subcommandNames;

  /// A command by the name that it is called by.
  RegisteredCommand(Command command, CommandNames callNames, IntSupplier ids) {
    this(command, callNames.of(lower(command)), "", ids);
  }

  private RegisteredCommand(Command command, String callName, String prefix, IntSupplier ids) {
    this.command = command;
    id = ids.getAsInt();
    spec = command.spec();
    name = Keyword.of(callName);
    lowerName = prefix + callName;
    arity = spec.arity();
    isWrite = spec.has(Flag.WRITE);
    needsMemory = spec.has(Flag.DENYOOM);
    touchesKeys = !spec.has(Flag.NO_TOUCH);
    isExclusive = spec.has(Flag.EXCLUSIVE);
    takesLatches = isWrite || spec.has(Flag.LATCHED);
    isNotQueued = spec.has(Flag.NOT_QUEUED);
    runsQueue = spec.has(Flag.RUNS_QUEUE);
    isBeforeAuth = spec.has(Flag.NO_AUTH);
    isHeldByPause = isWrite || spec.has(Flag.MAY_REPLICATE) || spec.has(Flag.PUBLISHES);
    isForSubscribed = spec.has(Flag.SUBSCRIBED);
    isMonitored = !spec.has(Flag.ADMIN) && !spec.has(Flag.SKIP_MONITOR);
    KeySpec keys = spec.keys();
    firstKey = keys.first();
    lastKey = keys.last();
    keyStep = keys.step();
    isLight = firstKey > 0 && firstKey == lastKey && spec.doc().complexity().equals("O(1)");
    String subPrefix = lowerName + "|";
    subcommands =
        command.subcommands().stream()
            .map(sub -> new RegisteredCommand(sub, lower(sub), subPrefix, ids))
            .toList();
    subcommandNames = subcommands.isEmpty() ? null : new NameTable(subcommands);
  }

  private static String lower(Command command) {
    return command.spec().name().toLowerCase(Locale.ROOT);
  }

  /// Number of the command in its table, from 0 on; subcommands have their own.
  public int id() {
    return id;
  }

  public Command command() {
    return command;
  }

  public CommandSpec spec() {
    return spec;
  }

  /// The name as Redis reports it; of a subcommand `config|get`.
  public String lowerName() {
    return lowerName;
  }

  /// Its arguments, read from the documented syntax each time this is asked.
  public List<Argument> arguments() {
    return ArgumentSyntax.of(spec);
  }

  public List<RegisteredCommand> subcommands() {
    return subcommands;
  }

  boolean isContainer() {
    return subcommandNames != null;
  }

  /// The subcommand of this name in any case, or null. Up to 7 bytes behind the slice are read.
  @Nullable RegisteredCommand subcommand(MemorySegment segment, long offset, int length) {
    NameTable names = subcommandNames;
    return names == null ? null : names.find(segment, offset, length);
  }

  boolean takes(int count) {
    return arity >= 0 ? count == arity : count >= -arity;
  }

  /// Index of the last key among `count` arguments; less than `firstKey` if there is none.
  int lastKey(int count) {
    return firstKey == 0 ? -1 : lastKey >= 0 ? lastKey : count + lastKey;
  }

  /// True if argument 1 of `count`, and no other, is a key.
  boolean hasOneKey(int count) {
    return firstKey == 1 && count > 1 && lastKey(count) == 1;
  }
}
