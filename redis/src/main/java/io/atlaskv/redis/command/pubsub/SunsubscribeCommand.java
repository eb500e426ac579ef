package io.atlaskv.redis.command.pubsub;

import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `SUNSUBSCRIBE [shardchannel ...]`: without one, all.
public final class SunsubscribeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "SUNSUBSCRIBE",
            -1,
            Group.PUBSUB,
            Flag.PUBSUB,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.SUBSCRIBED)
        .keys(KeySpec.ALL.as(KeyFlag.NOT_KEY))
        .doc(
            "7.0.0",
            "O(N) where N is the number of shard channels to unsubscribe.",
            "[shardchannel [shardchannel ...]]",
            "Stops listening to messages posted to shard channels.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Subscribing.leave(context, args, reply, ChannelKind.SHARD);
  }
}
