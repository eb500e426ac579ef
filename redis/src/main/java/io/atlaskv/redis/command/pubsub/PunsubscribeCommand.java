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

/// `PUNSUBSCRIBE [pattern ...]`: without one, all.
public final class PunsubscribeCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "PUNSUBSCRIBE",
            -1,
            Group.PUBSUB,
            Flag.PUBSUB,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.SUBSCRIBED)
        .doc(
            "2.0.0",
            "O(N) where N is the number of patterns to unsubscribe.",
            "[pattern [pattern ...]]",
            "Stops listening to messages published to channels that match one or more patterns.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Subscribing.leave(context, args, reply, ChannelKind.PATTERN);
  }
}
