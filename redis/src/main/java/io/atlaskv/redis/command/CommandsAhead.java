package io.atlaskv.redis.command;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.data.KeysAhead;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import org.jspecify.annotations.Nullable;

/// Requests of one client that are complete but have not run: the keys they will read are looked up
/// together. Changes nothing, and no answer depends on it.
///
/// Invariants:
/// - F1: from `lookUp` to `end` nothing waits: who parks a command calls `end` first.
/// - F2: it only guesses. What a command finds is right even if the ones before it have written
///   that key, chosen another database or emptied this one.
public final class CommandsAhead {
  private static final System.Logger LOGGER = new LateLogger(CommandsAhead.class);

  /// Most requests looked at together.
  public static final int REQUESTS_MAX = KeyBatch.KEYS_MAX;

  /// With fewer there is too little to be gained.
  private static final int REQUESTS_MIN = 4;

  private static final Keyword MULTI = Keyword.of("MULTI");
  private static final Keyword EXEC = Keyword.of("EXEC");

  private final RedisData data;
  private final CommandTable table;
  private final KeysAhead keys;
  private final int[] numbers = new int[REQUESTS_MAX];
  private boolean isActive;

  public CommandsAhead(RedisData data, CommandTable table) {
    this.data = data;
    this.table = table;
    keys = new KeysAhead(data.store().newLookahead());
  }

  /// Looks at the first `count` of `requests`.
  public void lookUp(Session session, Args[] requests, int count) {
    if (count < REQUESTS_MIN) {
      return;
    }
    keys.begin(data.databases().namespace(session.database()));
    CommandQueue queue = session.queue();
    boolean isQueued = queue != null; // then it runs with EXEC, not in its turn
    int lastExec = isQueued ? lastExec(requests, count) : count;
    if (queue != null && lastExec >= 0) {
      queue.addKeys(keys);
    }
    for (int i = 0; i < count; i++) {
      Args args = requests[i];
      numbers[i] = KeysAhead.UNKNOWN;
      if (args.is(0, MULTI)) {
        isQueued = true;
        lastExec = lastExec == count ? lastExec(requests, count) : lastExec;
      } else if (isQueued && args.is(0, EXEC)) {
        isQueued = false;
      } else if (!isQueued && hasOneKey(args)) {
        numbers[i] = keys.add(args.segment(), args.offset(1), args.length(1));
      } else if (i < lastExec && hasOneKey(args)) {
        numbers[i] = keys.addOnce(args.segment(), args.offset(1), args.length(1));
      }
    }
    isActive = true;
    if (keys.hasKeys()) {
      try {
        keys.lookUp();
      } catch (AtlasException _) { // closed, say: the commands will meet it, and answer for it
        end();
      } catch (RuntimeException e) { // our bug: it must cost time, not a loop
        LOGGER.log(System.Logger.Level.ERROR, "looking ahead failed", e);
        end();
        assert false : e;
      }
    }
  }

  /// Number of the last EXEC, -1 if there is none.
  private static int lastExec(Args[] requests, int count) {
    int request = count - 1;
    while (request >= 0 && !requests[request].is(0, EXEC)) {
      request--;
    }
    return request;
  }

  private boolean hasOneKey(Args args) {
    @Nullable RegisteredCommand command =
        table.find(args.nameSegment(), args.nameOffset(), args.nameLength());
    return command != null && command.hasOneKey(args.count());
  }

  /// Gives back what is held.
  public void end() {
    if (isActive) {
      isActive = false;
      keys.end();
    }
  }

  /// The key of a request: its number, or less than 0 if it was not looked up.
  int keyOf(int request) {
    return isActive ? numbers[request] : KeysAhead.UNKNOWN;
  }

  /// What was looked up; null if nothing was.
  @Nullable KeysAhead keys() {
    return isActive ? keys : null;
  }
}
