package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.StringView;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN n] [WITHMATCHLEN]`: the longest common subsequence of
/// two strings.
public final class LcsCommand implements Command {
  private static final int WRONG_TYPE = 2;

  /// Redis' table of so many numbers has 512 MB; here it takes one bit each.
  private static final long CELLS_MAX = 128 * 1024 * 1024;

  private static final long CELLS_ON_LOOP_MAX = 64 * 1024;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("LCS", -3, Group.STRING, Flag.READONLY)
        .keys(new KeySpec(1, 2, 1, List.of(KeyFlag.RO, KeyFlag.ACCESS)))
        .categories(AclCategory.STRING)
        .doc(
            "7.0.0",
            "O(N*M) where N and M are the lengths of s1 and s2, respectively",
            "key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]",
            "Finds the longest common substring.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    keys.holdSnapshot(); // both strings as of one moment
    try (var a = new StringView();
        var b = new StringView()) {
      int first = find(keys, args, 1, a);
      int second = find(keys, args, 2, b);
      if (first == Reader.NEEDS_BLOCKS || second == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      if (first == WRONG_TYPE || second == WRONG_TYPE) {
        reply.error("ERR The specified keys must contain string values");
        return Outcome.DONE;
      }
      LcsOptions options = LcsOptions.parse(args, reply);
      if (options == null) {
        return Outcome.DONE;
      }
      long cells = (a.length() + 1) * (b.length() + 1);
      if (cells > Math.min(CELLS_MAX, context.data().stringBytesMax() / Integer.BYTES)) {
        reply.error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
        return Outcome.DONE;
      }
      if (!context.isOnWorker() && (cells > CELLS_ON_LOOP_MAX || !a.isInline() || !b.isInline())) {
        return Outcome.NEEDS_WORKER;
      }
      try (Arena arena = Arena.ofConfined()) {
        var subsequence = new CommonSubsequence(arena, bytes(arena, a), bytes(arena, b));
        subsequence.compute(options.isOnlyLength());
        options.reply(subsequence, reply);
      }
      return Outcome.DONE;
    }
  }

  private static int find(Keyspace keys, Args args, int i, StringView string) {
    int found = keys.find(args.segment(), args.offset(i), args.length(i));
    if (found == Reader.FOUND && !keys.isString()) {
      return WRONG_TYPE;
    }
    keys.keepString(string);
    return found;
  }

  /// All bytes of a string that can be read without waiting.
  private static MemorySegment bytes(Arena arena, StringView string) {
    MemorySegment copy = arena.allocate(string.length());
    string.copy(0, string.length(), copy, 0);
    return copy;
  }
}
