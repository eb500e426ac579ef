package io.atlaskv.engine.internal.base;

import java.util.Arrays;

/// Keys that are about to be read, looked up together: where one read would wait for memory, the
/// reads of the whole batch wait at the same time. Reused, one thread.
///
/// Every layer does its part in stages, each for all keys before the next: it reads what the stage
/// before has brought, and has brought what the next one will read (`Prefetch`).
///
/// Invariants:
/// - B1: key `i` is `[start(i), + length(i))` of `bytes`.
/// - B2: a key is *open* until a layer has its answer, or knows that it will not have one: then the
///   batch says nothing of it, and it is read by itself later.
/// - B3: `answer(i)` means something only if `isAnswered(i)`: a value, a tombstone, or that there
///   is nothing.
public final class KeyBatch {
  /// Most keys. Some lines for each of them fit the first-level cache together, and a processor has
  /// no more reads under way.
  public static final int KEYS_MAX = 16;

  /// Longer keys are read by themselves.
  public static final int KEY_BYTES_MAX = 128;

  private final byte[] bytes = new byte[KEYS_MAX * KEY_BYTES_MAX];
  private final int[] lengths = new int[KEYS_MAX];
  private final Lookup[] answers = new Lookup[KEYS_MAX];
  private final boolean[] isAnswered = new boolean[KEYS_MAX];
  private final int[] open = new int[KEYS_MAX];
  private final long[] hashes = new long[KEYS_MAX];
  private final long[] words = new long[KEYS_MAX];
  private final Prefetch prefetch = new Prefetch();
  private int count;
  private int openCount;

  public KeyBatch() {
    Arrays.setAll(answers, i -> new Lookup());
  }

  /// Forgets all keys and answers.
  public void clear() {
    for (int i = 0; i < count; i++) {
      if (isAnswered[i]) {
        answers[i].release();
        isAnswered[i] = false;
      }
    }
    count = 0;
    openCount = 0;
  }

  /// Adds an open key of that length, at most `KEY_BYTES_MAX`; returns its number. The caller
  /// writes it to `bytes` from `start` on.
  public int add(int length) {
    int key = count++;
    lengths[key] = length;
    open[openCount++] = key;
    return key;
  }

  /// Number of keys.
  public int count() {
    return count;
  }

  /// Holds all keys.
  public byte[] bytes() {
    return bytes;
  }

  /// Where a key starts in `bytes`.
  public static int start(int key) {
    return key * KEY_BYTES_MAX;
  }

  public int length(int key) {
    return lengths[key];
  }

  /// Number of open keys.
  public int openCount() {
    return openCount;
  }

  /// The `position`-th open key.
  public int open(int position) {
    return open[position];
  }

  /// Puts a key that stays open at `position`, at or before the place it has.
  public void stayOpen(int position, int key) {
    open[position] = key;
  }

  /// The first `newCount` are still open.
  public void openCount(int newCount) {
    openCount = newCount;
  }

  /// Where the answer of a key goes.
  public Lookup answer(int key) {
    return answers[key];
  }

  /// The answer of a key is complete.
  public void answered(int key) {
    isAnswered[key] = true;
  }

  public boolean isAnswered(int key) {
    return isAnswered[key];
  }

  /// Hands the answer of a key to `out`, once: the key is not answered afterwards.
  public void take(int key, Lookup out) {
    assert isAnswered[key];
    out.take(answers[key]);
    isAnswered[key] = false;
  }

  /// A hash of a key, for the layer at work.
  public long hash(int key) {
    return hashes[key];
  }

  public void hash(int key, long value) {
    hashes[key] = value;
  }

  /// What a stage keeps of a key for the next one.
  public long word(int key) {
    return words[key];
  }

  public void word(int key, long value) {
    words[key] = value;
  }

  /// Where a stage notes what the next one will read.
  public Prefetch prefetch() {
    return prefetch;
  }

  @Override
  public String toString() {
    return "keys=" + count + " open=" + openCount;
  }
}
