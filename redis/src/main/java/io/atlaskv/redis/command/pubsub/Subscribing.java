package io.atlaskv.redis.command.pubsub;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.pubsub.ChannelKind;
import io.atlaskv.redis.pubsub.Subscriptions;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What the commands of the SUBSCRIBE family share. Each name is answered by a push of its own,
/// also to a client that wants no replies.
final class Subscribing {
  private static final String NO_ROOM =
      "ERR no room for further subscriptions: those of all clients take their share of the heap";

  private Subscribing() {}

  static Outcome join(Context context, Args args, ReplyWriter reply, ChannelKind kind) {
    if (!context.data().pubSub().hasRoomFor(args.count() - 1, args.bytesFrom(1))) {
      context.data().subscriptionRefused(context.session());
      reply.error(NO_ROOM);
      return Outcome.DONE;
    }
    Subscriptions subscriptions = context.session().subscriptions();
    subscriptions.settle();
    var names = new ArrayList<Bytes>(); // all before the first one: none may be too long
    for (int i = 1; i < args.count(); i++) {
      names.add(Bytes.of(args.bytes(i)));
    }
    for (Bytes name : names) {
      subscriptions.join(kind, name);
      answer(reply, kind.subscribeWord(), name, subscriptions.total(kind));
    }
    return end(context);
  }

  static Outcome leave(Context context, Args args, ReplyWriter reply, ChannelKind kind) {
    Subscriptions subscriptions = context.session().subscriptions();
    subscriptions.settle();
    if (args.count() > 1) {
      for (int i = 1; i < args.count(); i++) {
        leave(subscriptions, kind, Bytes.of(args.bytes(i)), reply);
      }
      return end(context);
    }
    var names = subscriptions.names(kind);
    names.forEach(name -> leave(subscriptions, kind, name, reply));
    if (names.isEmpty()) {
      answer(reply, kind.unsubscribeWord(), null, subscriptions.total(kind));
    }
    return end(context);
  }

  private static void leave(
      Subscriptions subscriptions, ChannelKind kind, Bytes name, ReplyWriter reply) {
    subscriptions.leave(kind, name);
    answer(reply, kind.unsubscribeWord(), name, subscriptions.total(kind));
  }

  private static void answer(ReplyWriter reply, String word, @Nullable Bytes name, int total) {
    reply.push(3);
    reply.bulk(word);
    if (name == null) {
      reply.nullValue();
    } else {
      reply.bulk(name.toArray(), 0, name.length());
    }
    reply.integer(total);
  }

  private static Outcome end(Context context) {
    context.session().restrictionsChanged();
    context.repliedWithPush();
    return Outcome.DONE;
  }
}
