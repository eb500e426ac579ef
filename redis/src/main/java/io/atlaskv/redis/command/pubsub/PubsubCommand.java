package io.atlaskv.redis.command.pubsub;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.ContainerCommand;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.data.Glob;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.List;

/// `PUBSUB CHANNELS | NUMPAT | NUMSUB | SHARDCHANNELS | SHARDNUMSUB | HELP`.
public final class PubsubCommand extends ContainerCommand {
  private static final CommandSpec SPEC =
      CommandSpec.container("PUBSUB", Group.PUBSUB, "2.8.0", "A container for Pub/Sub commands.");

  public PubsubCommand() {
    super(SPEC, subcommandList());
  }

  private static List<Command> subcommandList() {
    return List.of(
        Subcommand.answering(
            spec("CHANNELS", -2)
                .doc(
                    "2.8.0",
                    "O(N) where N is the number of active channels.",
                    "[pattern]",
                    "Returns the active channels."),
            (context, args, reply) -> channels(context, args, reply, ChannelKind.CHANNEL)),
        Subcommand.help(
            SPEC,
            "6.2.0",
            "CHANNELS [<pattern>]",
            "    Return the currently active channels matching a <pattern> (default: '*').",
            "NUMPAT",
            "    Return number of subscriptions to patterns.",
            "NUMSUB [<channel> ...]",
            "    Return the number of subscribers for the specified channels, excluding",
            "    pattern subscriptions(default: no channels).",
            "SHARDCHANNELS [<pattern>]",
            "    Return the currently active shard level channels matching a <pattern> (default: '*').",
            "SHARDNUMSUB [<shardchannel> ...]",
            "    Return the number of subscribers for the specified shard level channel(s)"),
        Subcommand.answering(
            spec("NUMPAT", 2)
                .doc("2.8.0", "O(1)", "", "Returns a count of unique pattern subscriptions."),
            (context, _, reply) ->
                reply.integer(context.data().pubSub().names(ChannelKind.PATTERN))),
        Subcommand.answering(
            spec("NUMSUB", -2)
                .doc(
                    "2.8.0",
                    "O(N) for the NUMSUB subcommand, where N is the number of requested channels.",
                    "[channel [channel ...]]",
                    "Returns a count of subscribers to channels."),
            (context, args, reply) -> counts(context, args, reply, ChannelKind.CHANNEL)),
        Subcommand.answering(
            spec("SHARDCHANNELS", -2)
                .doc(
                    "7.0.0",
                    "O(N) where N is the number of active shard channels.",
                    "[pattern]",
                    "Returns the active shard channels."),
            (context, args, reply) -> channels(context, args, reply, ChannelKind.SHARD)),
        Subcommand.answering(
            spec("SHARDNUMSUB", -2)
                .doc(
                    "7.0.0",
                    "O(N) for the SHARDNUMSUB subcommand, where N is the number of requested shard channels.",
                    "[shardchannel [shardchannel ...]]",
                    "Returns the count of subscribers of shard channels."),
            (context, args, reply) -> counts(context, args, reply, ChannelKind.SHARD)));
  }

  private static CommandSpec spec(String name, int arity) {
    return CommandSpec.of(name, arity, Group.PUBSUB, Flag.PUBSUB, Flag.LOADING, Flag.STALE);
  }

  private static void channels(Context context, Args args, ReplyWriter reply, ChannelKind kind) {
    if (args.count() > 3) {
      reply.error(Errors.subcommandSyntax(args, "PUBSUB"));
      return;
    }
    byte[] pattern = args.count() > 2 ? args.bytes(2) : new byte[] {'*'};
    var glob = new Glob(pattern);
    long count = 0;
    int mark = reply.beginArray();
    for (Bytes name : context.data().pubSub().listNames(kind)) {
      byte[] bytes = name.toArray();
      if (glob.matches(bytes, 0, bytes.length)) {
        reply.bulk(bytes, 0, bytes.length);
        count++;
      }
    }
    reply.endArray(mark, count);
  }

  private static void counts(Context context, Args args, ReplyWriter reply, ChannelKind kind) {
    reply.array(2L * (args.count() - 2));
    for (int i = 2; i < args.count(); i++) {
      reply.bulk(args.segment(), args.offset(i), args.length(i));
      reply.integer(context.data().pubSub().listeners(kind, Bytes.of(args.bytes(i))));
    }
  }
}
