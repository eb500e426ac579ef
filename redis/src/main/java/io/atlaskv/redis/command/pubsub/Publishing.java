package io.atlaskv.redis.command.pubsub;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// What PUBLISH and SPUBLISH share.
final class Publishing {
  private Publishing() {}

  static Outcome publish(Context context, Args args, ReplyWriter reply, ChannelKind kind) {
    Bytes channel = Bytes.of(args.bytes(1));
    long receivers = context.data().pubSub().receivers(kind, channel);
    if (receivers > 0) {
      context.publish(kind, channel, Bytes.of(args.bytes(2)));
    }
    reply.integer(receivers);
    return Outcome.DONE;
  }
}
