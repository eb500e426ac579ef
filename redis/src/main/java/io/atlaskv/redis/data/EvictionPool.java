package io.atlaskv.redis.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The best keys to evict of those that were drawn so far. What is drawn for one victim serves the
/// next ones too: that makes few samples choose nearly as well as many.
///
/// Source: the eviction pool of Redis 3.0, http://antirez.com/news/109
public final class EvictionPool {
  private static final int SIZE = 64;

  private final @Nullable Candidate[] candidates = new Candidate[SIZE]; // best last
  private int count;

  /// A key that may go.
  public static final class Candidate {
    private final byte[] row;
    private final long score;

    /// @param row its metadata row, never written again
    /// @param score the greater, the rather it goes
    public Candidate(byte[] row, long score) {
      this.row = row;
      this.score = score;
    }

    public byte[] row() {
      return row;
    }

    public long score() {
      return score;
    }
  }

  /// Keeps a candidate if it is among the best. One that is there already gets its new score.
  public void add(Candidate candidate) {
    remove(candidate.row());
    if (count == SIZE) {
      Candidate worst = candidates[0];
      if (worst != null && candidate.score() <= worst.score()) {
        return;
      }
      System.arraycopy(candidates, 1, candidates, 0, --count);
    }
    int at = count;
    Candidate before = at == 0 ? null : candidates[at - 1];
    while (before != null && before.score() > candidate.score()) {
      candidates[at] = before;
      at--;
      before = at == 0 ? null : candidates[at - 1];
    }
    candidates[at] = candidate;
    count++;
  }

  /// The best one, which is gone from the pool then; null if there is none.
  public @Nullable Candidate take() {
    if (count == 0) {
      return null;
    }
    Candidate best = candidates[--count];
    candidates[count] = null;
    return best;
  }

  /// Forgets all: what is best has changed its meaning.
  public void clear() {
    Arrays.fill(candidates, null);
    count = 0;
  }

  private void remove(byte[] row) {
    for (int i = 0; i < count; i++) {
      Candidate candidate = candidates[i];
      if (candidate != null && Arrays.equals(candidate.row(), row)) {
        System.arraycopy(candidates, i + 1, candidates, i, --count - i);
        candidates[count] = null;
        return;
      }
    }
  }
}
