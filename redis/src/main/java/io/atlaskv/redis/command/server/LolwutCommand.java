package io.atlaskv.redis.command.server;

import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.RedisVersion;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// `LOLWUT [VERSION n]`: a picture that no two calls have in common, and the version. It is the
/// history of a row of cells, each of which lives by rule 30 of its left neighbour or itself or the
/// right one.
public final class LolwutCommand implements Command {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 16;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("LOLWUT", -1, Group.SERVER, Flag.READONLY, Flag.FAST)
        .doc(
            "5.0.0",
            "Depends on subcommand.",
            "[VERSION version]",
            "Displays computer art and the Redis version");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    boolean hasVersion = args.count() > 2 && args.text(1).equalsIgnoreCase("VERSION");
    if (hasVersion && !args.isNumber(2)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return Outcome.DONE;
    }
    var cells = new boolean[WIDTH];
    long random = Hash64.hash(context.keys().nowMillis(), new byte[0], 0, 0);
    for (int i = 0; i < WIDTH; i++) {
      cells[i] = (random >>> (i % Long.SIZE) & 1) != 0;
    }
    var text = new StringBuilder();
    for (int row = 0; row < HEIGHT; row++) {
      var next = new boolean[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        text.append(cells[i] ? '#' : ' ');
        boolean left = cells[(i + WIDTH - 1) % WIDTH];
        next[i] = left != (cells[i] || cells[(i + 1) % WIDTH]);
      }
      text.append('\n');
      cells = next;
    }
    text.append("\nAtlasKV, as Redis ver. ").append(RedisVersion.COMPATIBLE).append('\n');
    reply.verbatim(text.toString());
    return Outcome.DONE;
  }
}
