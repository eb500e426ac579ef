package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Makes random histories. Few keys, so that overwrites, tombstones and snapshots collide; keys of
/// all shapes: empty, short, with a long common prefix, with bytes 0 and 255, 64 KiB long.
final class Script {
  private static final int NUMBERED_KEYS = 120;
  private static final int HUGE_VALUE_BYTES = 400 << 10; // more than a small memtable or segment
  private static final byte[] LETTERS = {0, 1, 'a', 'b', (byte) 0xff};
  private static final String[] NAMESPACES = {StoreModel.DEFAULT, "one", "two"};

  private final SplittableRandom random;
  private final int hugeKeys;
  private int hour;

  private Script(long seed) {
    random = new SplittableRandom(seed);
    hugeKeys = random.nextInt(3);
  }

  /// `count` steps drawn from a seed.
  static List<Step> of(long seed, int count) {
    var script = new Script(seed);
    var steps = new ArrayList<Step>(count + 1);
    for (int i = 0; i < count; i++) {
      steps.add(script.step());
    }
    steps.add(new Step.ReadAll());
    return steps;
  }

  private Step step() {
    int draw = random.nextInt(1000);
    if (draw < 430) {
      return new Step.Apply(write());
    }
    if (draw < 455) {
      return new Step.ExpiryOf(snapshotOrLatest(), namespace(), key());
    }
    if (draw < 590) {
      return new Step.Get(snapshotOrLatest(), namespace(), key());
    }
    if (draw < 640) {
      return scan();
    }
    if (draw < 670) {
      return new Step.OpenSnapshot(slot());
    }
    if (draw < 690) {
      return new Step.CloseSnapshot(slot());
    }
    if (draw < 740) {
      return new Step.OpenCursor(slot(), scan());
    }
    if (draw < 760) {
      return new Step.Remember(random.nextInt(Step.MOMENTS));
    }
    if (draw < 790) {
      return new Step.ReadPast(random.nextInt(Step.MOMENTS), scan());
    }
    if (draw < 940) {
      return new Step.MoveCursor(slot(), move(), key());
    }
    if (draw < 955) {
      return new Step.CloseCursor(slot());
    }
    if (draw < 985) {
      return new Step.Maintain(work());
    }
    if (draw < 991) {
      hour++;
      return new Step.PassHour();
    }
    return draw < 996 ? new Step.Restart() : new Step.ReadAll();
  }

  private Step.Work work() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> Step.Work.FLUSH;
      case 6, 7, 8 -> Step.Work.COMPACT;
      case 9, 10 -> Step.Work.SYNC;
      case 11 -> Step.Work.VERIFY;
      case 12, 13, 14 -> Step.Work.RESTYLE;
      case 15 -> Step.Work.COMPACT_RANGE;
      default -> Step.Work.BACKGROUND;
    };
  }

  private Step.Move move() {
    return switch (random.nextInt(20)) {
      case 0 -> Step.Move.FIRST;
      case 1 -> Step.Move.LAST;
      case 2, 3, 4, 5 -> Step.Move.SEEK;
      case 6, 7, 8, 9, 10, 11 -> Step.Move.PREV;
      default -> Step.Move.NEXT;
    };
  }

  private Step.Scan scan() {
    int limit = random.nextInt(4) == 0 ? random.nextInt(10) : Integer.MAX_VALUE;
    return new Step.Scan(snapshotOrLatest(), namespace(), range(), random.nextBoolean(), limit);
  }

  private Write write() {
    String namespace = namespace();
    int draw = random.nextInt(100);
    if (draw < 62) {
      return put(namespace);
    }
    if (draw < 80) {
      return new Write.Delete(namespace, key());
    }
    if (draw < 86) {
      return new Write.DeleteRange(namespace, range());
    }
    if (draw < 95) {
      return batch(namespace);
    }
    if (draw < 97) {
      return load(namespace);
    }
    return switch (draw) {
      case 97 -> new Write.DeleteRange(namespace, Range.all());
      case 98 -> new Write.Create(NAMESPACES[1 + random.nextInt(2)]);
      default -> new Write.Drop(NAMESPACES[1 + random.nextInt(2)]);
    };
  }

  private Write put(String namespace) {
    if (random.nextInt(5) == 0) {
      int expiry = hour + random.nextInt(4); // now and then one that is due already
      return new Write.PutExpiring(namespace, key(), value(), expiry);
    }
    return new Write.Put(namespace, key(), value());
  }

  private Write load(String namespace) {
    var entries = new TreeMap<Bytes, Bytes>();
    boolean isDense = random.nextBoolean();
    String prefix = "key" + random.nextInt(NUMBERED_KEYS);
    for (int i = random.nextInt(200); i > 0; i--) {
      entries.put(isDense ? Bytes.ofUtf8(prefix + i) : key(), value());
    }
    return new Write.Load(namespace, entries);
  }

  private Write batch(String namespace) {
    boolean isMixed = random.nextBoolean();
    var parts = new ArrayList<Write>();
    int count = random.nextInt(12); // an empty batch is none
    for (int i = 0; i < count; i++) {
      String own = isMixed ? namespace() : namespace;
      parts.add(
          switch (random.nextInt(10)) {
            case 0, 1 -> new Write.Delete(own, key());
            case 2 -> new Write.DeleteRange(own, range());
            default -> put(own);
          });
    }
    return new Write.Batch(parts);
  }

  private Range range() {
    Bytes lower = random.nextInt(6) == 0 ? null : key();
    Bytes upper = random.nextInt(6) == 0 ? null : key();
    if (random.nextInt(5) == 0) {
      return Range.prefix(key().toArray());
    }
    boolean isSorted = random.nextInt(10) > 0; // now and then an empty range
    if (isSorted && lower != null && upper != null && lower.compareTo(upper) > 0) {
      return new Range(upper, lower);
    }
    return new Range(lower, upper);
  }

  private Bytes key() {
    int draw = random.nextInt(1000);
    if (draw < 650) {
      return Bytes.ofUtf8("key" + random.nextInt(NUMBERED_KEYS));
    }
    if (draw < 820) {
      return Bytes.ofUtf8("a/rather/long/common/prefix/" + random.nextInt(NUMBERED_KEYS));
    }
    if (draw < 995 || hugeKeys == 0) {
      byte[] key = new byte[random.nextInt(4)];
      for (int i = 0; i < key.length; i++) {
        key[i] = LETTERS[random.nextInt(LETTERS.length)];
      }
      return Bytes.of(key);
    }
    byte[] key = new byte[KeyValueStore.KEY_BYTES_MAX];
    key[key.length - 1] = (byte) random.nextInt(hugeKeys); // differ in their last byte
    return Bytes.of(key);
  }

  private Bytes value() {
    int draw = random.nextInt(1000);
    if (draw < 100) {
      return Bytes.EMPTY;
    }
    int length =
        draw < 800
            ? random.nextInt(100)
            : draw < 998 ? random.nextInt(4000) : random.nextInt(HUGE_VALUE_BYTES);
    byte[] value = new byte[length];
    if (random.nextBoolean()) {
      random.nextBytes(value);
    } else {
      Arrays.fill(value, (byte) random.nextInt()); // can be compressed
    }
    return Bytes.of(value);
  }

  private String namespace() {
    int draw = random.nextInt(10);
    return NAMESPACES[draw < 6 ? 0 : draw < 8 ? 1 : 2];
  }

  private int slot() {
    return random.nextInt(Step.SLOTS);
  }

  private int snapshotOrLatest() {
    return random.nextInt(3) == 0 ? slot() : Step.LATEST;
  }
}
