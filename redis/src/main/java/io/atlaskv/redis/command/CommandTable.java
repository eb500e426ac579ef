package io.atlaskv.redis.command;

import io.atlaskv.redis.command.bitmap.BitCountCommand;
import io.atlaskv.redis.command.bitmap.BitFieldCommand;
import io.atlaskv.redis.command.bitmap.BitFieldRoCommand;
import io.atlaskv.redis.command.bitmap.BitOpCommand;
import io.atlaskv.redis.command.bitmap.BitPosCommand;
import io.atlaskv.redis.command.bitmap.GetBitCommand;
import io.atlaskv.redis.command.bitmap.SetBitCommand;
import io.atlaskv.redis.command.connection.AuthCommand;
import io.atlaskv.redis.command.connection.ClientCommand;
import io.atlaskv.redis.command.connection.EchoCommand;
import io.atlaskv.redis.command.connection.HelloCommand;
import io.atlaskv.redis.command.connection.PingCommand;
import io.atlaskv.redis.command.connection.QuitCommand;
import io.atlaskv.redis.command.connection.ResetCommand;
import io.atlaskv.redis.command.connection.SelectCommand;
import io.atlaskv.redis.command.generic.CopyCommand;
import io.atlaskv.redis.command.generic.DelCommand;
import io.atlaskv.redis.command.generic.ExistsCommand;
import io.atlaskv.redis.command.generic.ExpireAtCommand;
import io.atlaskv.redis.command.generic.ExpireCommand;
import io.atlaskv.redis.command.generic.ExpireTimeCommand;
import io.atlaskv.redis.command.generic.KeysCommand;
import io.atlaskv.redis.command.generic.MoveCommand;
import io.atlaskv.redis.command.generic.ObjectCommand;
import io.atlaskv.redis.command.generic.PersistCommand;
import io.atlaskv.redis.command.generic.PexpireAtCommand;
import io.atlaskv.redis.command.generic.PexpireCommand;
import io.atlaskv.redis.command.generic.PexpireTimeCommand;
import io.atlaskv.redis.command.generic.PttlCommand;
import io.atlaskv.redis.command.generic.RandomKeyCommand;
import io.atlaskv.redis.command.generic.RenameCommand;
import io.atlaskv.redis.command.generic.RenameNxCommand;
import io.atlaskv.redis.command.generic.ScanCommand;
import io.atlaskv.redis.command.generic.TouchCommand;
import io.atlaskv.redis.command.generic.TtlCommand;
import io.atlaskv.redis.command.generic.TypeCommand;
import io.atlaskv.redis.command.generic.UnlinkCommand;
import io.atlaskv.redis.command.generic.WaitAofCommand;
import io.atlaskv.redis.command.generic.WaitCommand;
import io.atlaskv.redis.command.pubsub.PsubscribeCommand;
import io.atlaskv.redis.command.pubsub.PublishCommand;
import io.atlaskv.redis.command.pubsub.PubsubCommand;
import io.atlaskv.redis.command.pubsub.PunsubscribeCommand;
import io.atlaskv.redis.command.pubsub.SpublishCommand;
import io.atlaskv.redis.command.pubsub.SsubscribeCommand;
import io.atlaskv.redis.command.pubsub.SubscribeCommand;
import io.atlaskv.redis.command.pubsub.SunsubscribeCommand;
import io.atlaskv.redis.command.pubsub.UnsubscribeCommand;
import io.atlaskv.redis.command.range.DelRangeCommand;
import io.atlaskv.redis.command.range.RangeCommand;
import io.atlaskv.redis.command.range.RangeCountCommand;
import io.atlaskv.redis.command.server.BgRewriteAofCommand;
import io.atlaskv.redis.command.server.BgSaveCommand;
import io.atlaskv.redis.command.server.CommandCommand;
import io.atlaskv.redis.command.server.ConfigCommand;
import io.atlaskv.redis.command.server.DbsizeCommand;
import io.atlaskv.redis.command.server.DebugCommand;
import io.atlaskv.redis.command.server.FlushAllCommand;
import io.atlaskv.redis.command.server.FlushDbCommand;
import io.atlaskv.redis.command.server.InfoCommand;
import io.atlaskv.redis.command.server.LastSaveCommand;
import io.atlaskv.redis.command.server.LatencyCommand;
import io.atlaskv.redis.command.server.LolwutCommand;
import io.atlaskv.redis.command.server.MemoryCommand;
import io.atlaskv.redis.command.server.MonitorCommand;
import io.atlaskv.redis.command.server.ReplicaOfCommand;
import io.atlaskv.redis.command.server.RoleCommand;
import io.atlaskv.redis.command.server.SaveCommand;
import io.atlaskv.redis.command.server.ShutdownCommand;
import io.atlaskv.redis.command.server.SlaveOfCommand;
import io.atlaskv.redis.command.server.SlowLogCommand;
import io.atlaskv.redis.command.server.SwapDbCommand;
import io.atlaskv.redis.command.server.TimeCommand;
import io.atlaskv.redis.command.string.AppendCommand;
import io.atlaskv.redis.command.string.DecrByCommand;
import io.atlaskv.redis.command.string.DecrCommand;
import io.atlaskv.redis.command.string.GetCommand;
import io.atlaskv.redis.command.string.GetDelCommand;
import io.atlaskv.redis.command.string.GetExCommand;
import io.atlaskv.redis.command.string.GetRangeCommand;
import io.atlaskv.redis.command.string.GetSetCommand;
import io.atlaskv.redis.command.string.IncrByCommand;
import io.atlaskv.redis.command.string.IncrByFloatCommand;
import io.atlaskv.redis.command.string.IncrCommand;
import io.atlaskv.redis.command.string.LcsCommand;
import io.atlaskv.redis.command.string.MgetCommand;
import io.atlaskv.redis.command.string.MsetCommand;
import io.atlaskv.redis.command.string.MsetNxCommand;
import io.atlaskv.redis.command.string.PsetExCommand;
import io.atlaskv.redis.command.string.SetCommand;
import io.atlaskv.redis.command.string.SetExCommand;
import io.atlaskv.redis.command.string.SetNxCommand;
import io.atlaskv.redis.command.string.SetRangeCommand;
import io.atlaskv.redis.command.string.StrlenCommand;
import io.atlaskv.redis.command.string.SubstrCommand;
import io.atlaskv.redis.command.transaction.DiscardCommand;
import io.atlaskv.redis.command.transaction.ExecCommand;
import io.atlaskv.redis.command.transaction.MultiCommand;
import io.atlaskv.redis.command.transaction.UnwatchCommand;
import io.atlaskv.redis.command.transaction.WatchCommand;
import io.atlaskv.redis.config.CommandNames;
import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Every command there is. To add one: a class in the package of its group, and a line here.
public final class CommandTable {
  /// All commands by name.
  public static final List<Command> ALL =
      List.of(
          new AppendCommand(),
          new AuthCommand(),
          new BgRewriteAofCommand(),
          new BgSaveCommand(),
          new BitCountCommand(),
          new BitFieldCommand(),
          new BitFieldRoCommand(),
          new BitOpCommand(),
          new BitPosCommand(),
          new ClientCommand(),
          new CommandCommand(),
          new ConfigCommand(),
          new CopyCommand(),
          new DbsizeCommand(),
          new DebugCommand(),
          new DecrCommand(),
          new DecrByCommand(),
          new DelCommand(),
          new DelRangeCommand(),
          new DiscardCommand(),
          new EchoCommand(),
          new ExecCommand(),
          new ExistsCommand(),
          new ExpireCommand(),
          new ExpireAtCommand(),
          new ExpireTimeCommand(),
          new FlushAllCommand(),
          new FlushDbCommand(),
          new GetCommand(),
          new GetBitCommand(),
          new GetDelCommand(),
          new GetExCommand(),
          new GetRangeCommand(),
          new GetSetCommand(),
          new HelloCommand(),
          new IncrCommand(),
          new IncrByCommand(),
          new IncrByFloatCommand(),
          new InfoCommand(),
          new KeysCommand(),
          new LastSaveCommand(),
          new LatencyCommand(),
          new LcsCommand(),
          new LolwutCommand(),
          new MemoryCommand(),
          new MgetCommand(),
          new MonitorCommand(),
          new MoveCommand(),
          new MsetCommand(),
          new MsetNxCommand(),
          new MultiCommand(),
          new ObjectCommand(),
          new PersistCommand(),
          new PexpireCommand(),
          new PexpireAtCommand(),
          new PexpireTimeCommand(),
          new PingCommand(),
          new PsetExCommand(),
          new PsubscribeCommand(),
          new PttlCommand(),
          new PublishCommand(),
          new PubsubCommand(),
          new PunsubscribeCommand(),
          new QuitCommand(),
          new RandomKeyCommand(),
          new RangeCommand(),
          new RangeCountCommand(),
          new RenameCommand(),
          new RenameNxCommand(),
          new ReplicaOfCommand(),
          new ResetCommand(),
          new RoleCommand(),
          new SaveCommand(),
          new ScanCommand(),
          new SelectCommand(),
          new SetCommand(),
          new SetBitCommand(),
          new SetExCommand(),
          new SetNxCommand(),
          new SetRangeCommand(),
          new ShutdownCommand(),
          new SlaveOfCommand(),
          new SlowLogCommand(),
          new SpublishCommand(),
          new SsubscribeCommand(),
          new StrlenCommand(),
          new SubscribeCommand(),
          new SubstrCommand(),
          new SunsubscribeCommand(),
          new SwapDbCommand(),
          new TimeCommand(),
          new TouchCommand(),
          new TtlCommand(),
          new TypeCommand(),
          new UnlinkCommand(),
          new UnsubscribeCommand(),
          new UnwatchCommand(),
          new WaitCommand(),
          new WaitAofCommand(),
          new WatchCommand());

  private final List<RegisteredCommand> commands;
  private final NameTable names;
  private final int size;

  public CommandTable(List<Command> all) {
    this(all, CommandNames.ORIGINAL);
  }

  /// @param callNames what the commands are called by
  public CommandTable(List<Command> all, CommandNames callNames) {
    var next = new AtomicInteger();
    commands =
        all.stream()
            .map(command -> new RegisteredCommand(command, callNames, next::getAndIncrement))
            .filter(command -> !command.lowerName().isEmpty())
            .toList();
    size = next.get();
    names = new NameTable(commands);
  }

  /// Number of commands, subcommands too.
  public int size() {
    return size;
  }

  /// All commands in the order of their names.
  public List<RegisteredCommand> all() {
    return commands;
  }

  /// The command of this name in any case, or null. Up to 7 bytes behind the slice are read.
  public @Nullable RegisteredCommand find(MemorySegment segment, long offset, int length) {
    return names.find(segment, offset, length);
  }

  /// The command or subcommand that the request which begins at argument `start` calls, or null.
  public @Nullable RegisteredCommand find(Args args, int start) {
    RegisteredCommand command = names.find(args.segment(), args.offset(start), args.length(start));
    return command == null || !command.isContainer() || args.count() == start + 1
        ? command
        : command.subcommand(args.segment(), args.offset(start + 1), args.length(start + 1));
  }

  /// The command of this full name in any case: `get`, `config|get`; or null.
  public @Nullable RegisteredCommand named(String fullName) {
    String wanted = fullName.toLowerCase(Locale.ROOT);
    List<RegisteredCommand> candidates = commands;
    for (int bar = wanted.indexOf('|'); ; bar = wanted.indexOf('|', bar + 1)) {
      String name = bar < 0 ? wanted : wanted.substring(0, bar);
      RegisteredCommand found = null;
      for (RegisteredCommand candidate : candidates) {
        found = candidate.lowerName().equals(name) ? candidate : found;
      }
      if (found == null || bar < 0) {
        return found;
      }
      candidates = found.subcommands();
    }
  }
}
