package io.atlaskv.redis.command.server;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.command.BackgroundJob;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.ShutdownOptions;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import java.lang.System.Logger.Level;
import java.util.EnumSet;

/// `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE]`: syncs what is written and ends the process; no reply.
/// `SHUTDOWN ABORT`.
///
/// The log has every write, so SAVE and NOSAVE end with the same data on disk; SAVE, or no word
/// where `save` has times, makes a snapshot before. There is no replica to wait for that NOW would
/// not. What may fail is the log or the snapshot: then only NOSAVE and FORCE end the process.
public final class ShutdownCommand implements Command {
  private static final System.Logger LOGGER = new LateLogger(ShutdownCommand.class);
  private static final String FAILED = "ERR Errors trying to SHUTDOWN. Check logs.";
  private static final long RETRY_NANOS = 10_000_000;
  private static final Keyword ABORT = Keyword.of("ABORT");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "SHUTDOWN",
            -1,
            Group.SERVER,
            Flag.ADMIN,
            Flag.NOSCRIPT,
            Flag.LOADING,
            Flag.STALE,
            Flag.NO_MULTI,
            Flag.ALLOW_BUSY)
        .doc(
            "1.0.0",
            "O(1)",
            "[NOSAVE | SAVE] [NOW] [FORCE] [ABORT]",
            "Synchronously saves the database(s) to disk and shuts down the server.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (args.count() == 2 && args.is(1, ABORT)) {
      reply.error("ERR No shutdown in progress."); // it never is: the first SHUTDOWN ends us
      return Outcome.DONE;
    }
    var words = EnumSet.noneOf(ShutdownOptions.Word.class);
    for (int i = 1; i < args.count(); i++) {
      ShutdownOptions.Word word = ShutdownOptions.Word.find(args.text(i));
      if (word == null) {
        reply.error(Errors.SYNTAX);
        return Outcome.DONE;
      }
      words.add(word);
    }
    var options = new ShutdownOptions(words);
    if (!options.isValid()) {
      reply.error(Errors.SYNTAX);
      return Outcome.DONE;
    }
    AtlasException failure = context.store().failure();
    if (failure != null && !options.mayLoseWrites()) {
      LOGGER.log(
          Level.WARNING, "Error trying to sync the log, can't exit: " + failure.getMessage());
      reply.error(FAILED);
      return Outcome.DONE;
    }
    boolean savesByItself = !context.data().settings().storage.save.value().points().isEmpty();
    if (options.wantsSnapshot(savesByItself)) {
      BackgroundJob saves = context.data().snapshots().saves();
      if (!context.isOnWorker() && !saves.isRunning()) {
        return Outcome.NEEDS_WORKER;
      }
      if (!context.isOnWorker() || !saves.begin()) { // another one is under way
        context.retryWithin(RETRY_NANOS);
        return Outcome.WAITS;
      }
      if (!isSaved(saves) && !options.mayLoseWrites()) {
        reply.error(FAILED);
        return Outcome.DONE;
      }
    }
    LOGGER.log(Level.INFO, "User requested shutdown...");
    context.session().closeAfterReply();
    context.host().shutdown();
    return Outcome.DONE;
  }

  /// Makes a snapshot, once it has begun.
  private static boolean isSaved(BackgroundJob saves) {
    try {
      saves.run();
      return true;
    } catch (AtlasException e) {
      LOGGER.log(Level.WARNING, "Error trying to save the DB, can't exit: " + e.getMessage());
      return false;
    }
  }
}
