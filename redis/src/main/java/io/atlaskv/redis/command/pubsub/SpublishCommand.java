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

/// `SPUBLISH shardchannel message`: how many clients it goes to.
public final class SpublishCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "SPUBLISH",
            3,
            Group.PUBSUB,
            Flag.PUBSUB,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.PUBLISHES)
        .keys(KeySpec.ONE.as(KeyFlag.NOT_KEY))
        .doc(
            "7.0.0",
            "O(N) where N is the number of event loops with clients subscribed to the receiving shard channel.",
            "shardchannel message",
            "Posts a message to a shard channel.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Publishing.publish(context, args, reply, ChannelKind.SHARD);
  }
}
