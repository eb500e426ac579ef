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

/// `PUBLISH channel message`: how many clients it goes to.
public final class PublishCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "PUBLISH",
            3,
            Group.PUBSUB,
            Flag.PUBSUB,
            Flag.LOADING,
            Flag.STALE,
            Flag.FAST,
            Flag.PUBLISHES)
        .doc(
            "2.0.0",
            "O(N+M) where N is the number of event loops with clients subscribed to the receiving channel and M is the total number of subscribed patterns (by any client).",
            "channel message",
            "Posts a message to a channel.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    return Publishing.publish(context, args, reply, ChannelKind.CHANNEL);
  }
}
