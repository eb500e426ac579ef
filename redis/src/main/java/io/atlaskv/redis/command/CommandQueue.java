package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.data.KeysAhead;
import io.atlaskv.redis.data.RowKey;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The commands of one client between MULTI and EXEC: copies of their arguments, and what all of
/// them together need to run. Reused, for one client after the other.
///
/// What EXEC holds while it runs (X1), so that it happens at one moment for everybody else:
///
/// | its commands | then it holds |
/// |---|---|
/// | write, and name all keys they touch | the latches of all those keys, read ones too |
/// | only read | no latch: they read one snapshot |
/// | read counters; or write, and read keys they do not name; or one is exclusive | all latches |
///
/// and in any case the latches of the keys the client watches (W1 of `WatchedKeys`).
public final class CommandQueue {
  private static final int BYTES_FIRST = 1024;
  private static final int BYTES_KEPT = 16 * 1024;
  private static final int COMMANDS_FIRST = 8;
  private static final int COMMANDS_KEPT = 256;
  private static final long NO_ERA = -1;

  private final NativeBuffer memory = new NativeBuffer(BYTES_FIRST, NativeBuffer.LIMIT_MAX);
  private @Nullable RegisteredCommand[] commands = new RegisteredCommand[COMMANDS_FIRST];
  private int[] argumentCounts = new int[COMMANDS_FIRST];
  private int[] slots = new int[2 * 4 * COMMANDS_FIRST]; // offset and length of each argument
  private int[] firstSlots = new int[COMMANDS_FIRST];
  private int[] keysAhead = new int[COMMANDS_FIRST]; // numbers, of the era alone
  private long era = NO_ERA;
  private int count;
  private int slotCount;
  private boolean isSpoiled;
  private boolean isWrite;
  private boolean isHeldByPause;
  private boolean needsMemory;
  private boolean isExclusive;
  private boolean readsUnnamedKeys;
  private boolean readsCounters;
  private boolean changesSubscriptions;

  /// Number of commands.
  public int count() {
    return count;
  }

  /// Bytes of memory.
  public long bytes() {
    return memory.capacity()
        + (long) Integer.BYTES * (slots.length + 3L * firstSlots.length)
        + (long) Long.BYTES * commands.length;
  }

  /// Bytes of all arguments.
  long argumentBytes() {
    return memory.length();
  }

  /// A command was refused: EXEC will do nothing.
  void spoil() {
    isSpoiled = true;
  }

  /// True if a command was refused.
  public boolean isSpoiled() {
    return isSpoiled;
  }

  /// Adds a command. False: there is no room for its arguments, nothing was done.
  boolean add(RegisteredCommand command, Args args, int bytesMax) {
    long bytes = args.bytesFrom(0);
    if (bytes() + bytes + Args.SLACK_BYTES > bytesMax) {
      return false;
    }
    reserve(args.count());
    commands[count] = command;
    argumentCounts[count] = args.count();
    firstSlots[count] = slotCount;
    keysAhead[count] = KeysAhead.UNKNOWN;
    for (int i = 0; i < args.count(); i++) {
      slots[slotCount++] = memory.length();
      slots[slotCount++] = args.length(i);
      memory.put(args.segment(), args.offset(i), args.length(i));
    }
    memory.ensureRoom(Args.SLACK_BYTES);
    count++;
    CommandSpec spec = command.spec;
    boolean namesKeys = command.firstKey > 0 && !spec.has(Flag.MOVABLEKEYS);
    isWrite |= command.isWrite;
    isHeldByPause |= command.isHeldByPause;
    needsMemory |= command.needsMemory;
    isExclusive |= command.isExclusive || (command.isWrite && !namesKeys);
    readsUnnamedKeys |= spec.has(Flag.READONLY) && !namesKeys;
    readsCounters |= spec.has(Flag.COUNTERS);
    changesSubscriptions |= spec.has(Flag.PUBSUB) && spec.has(Flag.SUBSCRIBED);
    return true;
  }

  private void reserve(int argumentCount) {
    if (count == firstSlots.length) {
      commands = Arrays.copyOf(commands, 2 * count);
      argumentCounts = Arrays.copyOf(argumentCounts, 2 * count);
      firstSlots = Arrays.copyOf(firstSlots, 2 * count);
      keysAhead = Arrays.copyOf(keysAhead, 2 * count);
    }
    int needed = slotCount + 2 * argumentCount;
    if (needed > slots.length) {
      slots = Arrays.copyOf(slots, Math.max(needed, 2 * slots.length));
    }
  }

  RegisteredCommand command(int i) {
    return Objects.requireNonNull(commands[i]);
  }

  /// Makes `target` the arguments of a command.
  void read(int i, Args target) {
    target.start(memory.segment(), 0);
    int slot = firstSlots[i];
    for (int end = slot + 2 * argumentCounts[i]; slot < end; slot += 2) {
      target.add(slots[slot], slots[slot + 1]);
    }
  }

  /// The key of the last command is number `number` of `ahead`.
  void keyAhead(KeysAhead ahead, int number) {
    enter(ahead.era());
    keysAhead[count - 1] = number;
  }

  /// Adds to `ahead` the keys of commands that have just one: EXEC is about to come.
  void addKeys(KeysAhead ahead) {
    enter(ahead.era());
    int end = Math.min(count, KeysAhead.KEYS_MAX);
    for (int i = 0; i < end; i++) {
      if (command(i).hasOneKey(argumentCounts[i])) {
        int slot = firstSlots[i] + 2;
        keysAhead[i] = ahead.addOnce(memory.segment(), slots[slot], slots[slot + 1]);
      }
    }
  }

  private void enter(long newEra) {
    if (era != newEra) {
      era = newEra;
      Arrays.fill(keysAhead, 0, count, KeysAhead.UNKNOWN);
    }
  }

  /// The number of a command's key in `ahead`, or `KeysAhead.UNKNOWN`.
  int keyAhead(int i, @Nullable KeysAhead ahead) {
    return ahead != null && ahead.era() == era ? keysAhead[i] : KeysAhead.UNKNOWN;
  }

  /// True if EXEC waits while writes are paused.
  boolean isHeldByPause() {
    return isHeldByPause;
  }

  /// True if a command does not run when the keys and values are too many bytes.
  boolean needsMemory() {
    return needsMemory;
  }

  boolean isWrite() {
    return isWrite;
  }

  /// True if it has a command of the SUBSCRIBE family: what a client listens to belongs to its
  /// loop, so EXEC cannot run on a worker.
  boolean changesSubscriptions() {
    return changesSubscriptions;
  }

  /// True if nobody else may write while the commands run.
  boolean isExclusive() {
    return isExclusive || readsCounters || (isWrite && readsUnnamedKeys);
  }

  /// Names the latches that EXEC has to hold.
  void nameLatches(LatchSet latches, @Nullable WatchList watches) {
    if (isExclusive()) {
      latches.addAll();
      return;
    }
    if (isWrite) {
      for (int i = 0; i < count; i++) {
        nameLatches(latches, i);
      }
    }
    for (int i = 0; watches != null && i < watches.count(); i++) {
      latches.add(HashSlot.ofRow(watches.row(i), RowKey.METADATA_PREFIX_BYTES));
    }
    latches.seal();
  }

  private void nameLatches(LatchSet latches, int i) {
    RegisteredCommand command = command(i);
    MemorySegment segment = memory.segment();
    int last = command.lastKey(argumentCounts[i]);
    for (int key = command.firstKey; key > 0 && key <= last; key += command.keyStep) {
      int slot = firstSlots[i] + 2 * key;
      latches.add(HashSlot.of(segment, slots[slot], slots[slot + 1]));
    }
  }

  /// Forgets everything, and gives back memory that few need.
  void clear() {
    memory.clear();
    memory.shrinkTo(BYTES_KEPT);
    if (firstSlots.length > COMMANDS_KEPT || slots.length > 8 * COMMANDS_KEPT) {
      commands = new RegisteredCommand[COMMANDS_FIRST];
      argumentCounts = new int[COMMANDS_FIRST];
      firstSlots = new int[COMMANDS_FIRST];
      keysAhead = new int[COMMANDS_FIRST];
      slots = new int[2 * 4 * COMMANDS_FIRST];
    } else {
      Arrays.fill(commands, 0, count, null);
    }
    count = 0;
    era = NO_ERA;
    slotCount = 0;
    isSpoiled = false;
    isWrite = false;
    isHeldByPause = false;
    needsMemory = false;
    isExclusive = false;
    readsUnnamedKeys = false;
    readsCounters = false;
    changesSubscriptions = false;
  }

  /// Frees the memory.
  void close() {
    memory.close();
  }
}
