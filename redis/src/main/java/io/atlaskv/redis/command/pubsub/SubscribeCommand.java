package io.atlaskv.redis.command.pubsub;

import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `SUBSCRIBE channel [channel ...]`.
public final class SubscribeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "SUBSCRIBE",
            -2,
            Group.PUBSUB,
            Flag.PUBSUB,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.SUBSCRIBED)
        .doc(
            "2.0.0",
            "O(N) where N is the number of channels to subscribe to.",
            "channel [channel ...]",
            "Listens for messages published to channels.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Subscribing.join(context, args, reply, ChannelKind.CHANNEL);
  }
}
