package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Point reads of many keys as of one snapshot, for callers that wait and for those that must not.
/// Reused, one thread at a time.
///
/// Keys are looked up in ascending order, so that neighbours meet in a block, a batch at a time: of
/// the newest data first together, as far as memory has them ([Lookahead]), then one by one what is
/// left, as all keys are of a registered snapshot. Blocks that are not in memory are noted for all
/// keys of a batch, fetched at once, those that lie side by side by one read, and stay pinned until
/// the batch is answered.
///
/// Invariants:
/// - G1: the snapshot is registered from `begin` to `end`: so any later view answers for it.
/// - G2: a lookahead answers only from the view that was current when the snapshot was taken: what
///   that view has in sealed memtables and tables is not younger than the snapshot.
/// - G3: nor does it answer for a key that its active memtable has as of the snapshot:
///   `Memtable.touch` closes all keys that are there, and never misses one that was published
///   before it looks.
public final class MultiGet implements AutoCloseable {
  private static final Asked[] NOTHING = {};

  private final Views views;
  private final WritePath writes;
  private final ReadPath reads;
  private final ReadContext context;
  private final Lookahead lookahead;
  private final Lookup lookup = new Lookup();
  private final int[] numbers = new int[KeyBatch.KEYS_MAX]; // in the lookahead
  private final int[] left = new int[KeyBatch.KEYS_MAX]; // of the batch, without an answer yet
  private byte[] fullKey = new byte[KeyBatch.KEY_BYTES_MAX];
  private int leftCount;
  private int namespace;
  private Asked[] asked = NOTHING; // in the order of the keys
  private int next;
  private @Nullable Answers answers;
  private long snapshot;
  private @Nullable View newest; // for comparison only, not held

  /// Hears the answers, in no order.
  public interface Answers {
    /// Hears one.
    ///
    /// @param position of the key among those asked for
    /// @param answer `FOUND` or not; good for this call
    void answer(int position, Lookup answer);
  }

  /// A key and where it stands among those asked for.
  private static final class Asked {
    final byte[] key;
    final int position;

    Asked(byte[] key, int position) {
      this.key = key;
      this.position = position;
    }
  }

  /// @param context that does not block; closed with this
  MultiGet(Views views, WritePath writes, ReadPath reads, ReadContext context) {
    this.views = views;
    this.writes = writes;
    this.reads = reads;
    this.context = context;
    this.lookahead = new Lookahead(context);
  }

  /// Begins to read keys of a namespace, which must not change until the end.
  ///
  /// @param registered a registered snapshot, or `Engine.LATEST`
  /// @throws ClosedException if the snapshot has been released
  public void begin(int namespaceId, long registered, byte[][] keys, Answers heardBy) {
    namespace = namespaceId;
    answers = heardBy;
    next = 0;
    asked = new Asked[keys.length];
    Arrays.setAll(asked, i -> new Asked(keys[i], i));
    Arrays.sort(asked, (one, other) -> Arrays.compareUnsigned(one.key, other.key));
    takeSnapshot(registered); // last: what fails before has nothing to give back
  }

  private void takeSnapshot(long registered) {
    if (registered != Engine.LATEST) {
      if (!writes.retainSnapshot(registered)) {
        throw new ClosedException("the snapshot");
      }
      snapshot = registered;
      return;
    }
    View view = views.current();
    snapshot = writes.acquireSnapshot();
    newest = views.isCurrent(view) ? view : null;
  }

  /// Goes on; false if blocks are lacking: to be called again after `Engine.fetch` with `context`.
  public boolean advance() {
    View view = views.acquire();
    try {
      return advance(view);
    } finally {
      view.release();
    }
  }

  /// Answers all keys, and reads what is lacking. Blocks.
  public void complete() {
    View view = views.acquire(); // throughout, as a close takes the cache when no view is held
    try {
      while (!advance(view)) {
        context.fetchNeeded();
      }
    } finally {
      context.reset();
      view.release();
    }
  }

  /// What was lacking is noted here.
  public ReadContext context() {
    return context;
  }

  private boolean advance(View view) {
    while (true) {
      answerLeft(view);
      if (leftCount > 0) {
        return false;
      }
      context.reset();
      if (next == asked.length) {
        return true;
      }
      beginBatch(view);
    }
  }

  /// Answers those of the next keys that memory has; the others are left.
  private void beginBatch(View view) {
    int from = next;
    next = Math.min(asked.length, from + KeyBatch.KEYS_MAX);
    if (view != newest || !view.active().rangeTombstones().isEmpty()) {
      for (int i = from; i < next; i++) {
        left[leftCount++] = i;
      }
      return;
    }
    for (int i = from; i < next; i++) {
      numbers[i - from] = addAhead(asked[i].key);
    }
    view.enter(); // the lookahead lets go
    try {
      lookahead.lookUp(view, snapshot);
      KeyBatch keys = lookahead.keys();
      for (int i = from; i < next; i++) {
        int number = numbers[i - from];
        if (number >= 0 && keys.isAnswered(number)) {
          keys.take(number, lookup);
          reads.shown(lookup.state(), lookup);
          tell(i);
        } else {
          left[leftCount++] = i;
        }
      }
    } finally {
      lookup.release();
      lookahead.end();
    }
  }

  private int addAhead(byte[] key) {
    int length = NamespaceKey.ID_BYTES + key.length;
    if (length > KeyBatch.KEY_BYTES_MAX) {
      return -1;
    }
    KeyBatch keys = lookahead.keys();
    int number = keys.add(length);
    write(key, keys.bytes(), KeyBatch.start(number));
    return number;
  }

  private void write(byte[] key, byte[] target, int offset) {
    ByteArrays.putBeInt(target, offset, namespace);
    System.arraycopy(key, 0, target, offset + NamespaceKey.ID_BYTES, key.length);
  }

  private void answerLeft(View view) {
    int still = 0;
    try {
      for (int i = 0; i < leftCount; i++) {
        if (find(view, asked[left[i]].key) == Engine.NEEDS_BLOCKS) {
          left[still++] = left[i];
        } else {
          tell(left[i]);
        }
      }
    } finally {
      lookup.release();
    }
    leftCount = still;
  }

  private int find(View view, byte[] key) {
    int length = NamespaceKey.ID_BYTES + key.length;
    if (length > fullKey.length) {
      fullKey = new byte[length];
    }
    write(key, fullKey, 0);
    return reads.getIn(view, context, snapshot, fullKey, 0, length, lookup);
  }

  private void tell(int index) {
    Objects.requireNonNull(answers).answer(asked[index].position, lookup);
  }

  /// Lets go of the snapshot and of the keys. To be called once after `begin`, answered or not.
  public void end() {
    context.reset();
    asked = NOTHING;
    answers = null;
    leftCount = 0;
    newest = null;
    writes.releaseSnapshot(snapshot);
  }

  /// To be called when nothing is begun.
  @Override
  public void close() {
    context.close();
  }
}
