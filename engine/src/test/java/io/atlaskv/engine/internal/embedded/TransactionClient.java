package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ConflictException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.LockTimeoutException;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.internal.embedded.TransactionHistory.Answered;
import io.atlaskv.engine.internal.embedded.TransactionHistory.Committed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/// Makes random transactions, one step at a time, and keeps those that were committed.
final class TransactionClient {
  private static final int STEPS_MAX = 6;

  private final Db db;
  private final TransactionOptions options;
  private final String name;
  private final Random random;
  private final int keys;
  private final Collection<Committed> committed;
  private int begun;
  private int failed;
  private EmbeddedTransaction transaction;
  private List<Answered> steps = List.of();
  private int stepsMax;

  /// @param committed gets what was committed
  TransactionClient(
      Db db,
      TransactionOptions options,
      String name,
      long seed,
      int keys,
      Collection<Committed> committed) {
    this.db = db;
    this.options = options;
    this.name = name;
    this.random = new Random(seed);
    this.keys = keys;
    this.committed = committed;
  }

  int failed() {
    return failed;
  }

  /// Does one thing; false when so many transactions have been begun, and have ended.
  boolean step(int transactions) {
    if (transaction == null) {
      if (begun == transactions) {
        return false;
      }
      begun++;
      transaction = (EmbeddedTransaction) db.begin(options);
      steps = new ArrayList<>();
      stepsMax = 1 + random.nextInt(STEPS_MAX);
      return true;
    }
    try {
      if (steps.size() < stepsMax) {
        String value = name + begun + "." + steps.size();
        TransactionStep step = TransactionStep.any(random, keys, value);
        steps.add(new Answered(step, step.play(transaction)));
      } else {
        transaction.commit();
        committed.add(
            new Committed(name + begun, transaction.readAt(), transaction.committedAt(), steps));
        transaction = null;
      }
    } catch (ConflictException | LockTimeoutException e) {
      failed++;
      transaction.close();
      transaction = null;
    }
    return true;
  }
}
