package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Isolation;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.WriteBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Arguments for any public method.
final class AnyArguments {
  private static final int KEYS = 2_000;

  /// Refuses half of the values there are.
  private static final Codec<Bytes> EVEN =
      Codec.bytes()
          .as(
              bytes -> {
                if (bytes.length() % 2 == 1) {
                  throw new IllegalArgumentException("an odd length");
                }
                return bytes;
              },
              bytes -> bytes);

  private final HandedOut objects;
  private final Random random;

  AnyArguments(HandedOut objects, Random random) {
    this.objects = objects;
    this.random = random;
  }

  static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  Object[] of(Method method) {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = of(types[i]);
    }
    return arguments;
  }

  private byte[] anyKey() {
    int length = random.nextInt(100) == 0 ? KeyValueStore.KEY_BYTES_MAX + random.nextInt(2) : 0;
    return length > 0 ? new byte[length] : key(random.nextInt(KEYS));
  }

  private List<byte[]> anyKeys() {
    return Stream.generate(this::anyKey).limit(random.nextInt(40)).toList();
  }

  private Range anyRange() {
    byte[] from = key(random.nextInt(KEYS));
    return switch (random.nextInt(4)) {
      case 0 -> Range.all();
      case 1 -> Range.atLeast(from);
      case 2 -> Range.prefix(new byte[] {0, 0, (byte) random.nextInt(8)});
      default -> Range.closedOpen(from, key(random.nextInt(KEYS)));
    };
  }

  private WriteBatch anyBatch() {
    var batch = new WriteBatch();
    for (int i = random.nextInt(5); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> batch.delete(anyKey());
        case 1 -> batch.put(objects.anyNamespace(random), anyKey(), new byte[8]);
        case 2 -> batch.put(anyKey(), new byte[8], anyExpiry());
        default -> batch.put(anyKey(), new byte[random.nextInt(300)]);
      }
    }
    return batch;
  }

  private MemorySegment anySegment() {
    byte[] bytes = anyKey();
    if (random.nextBoolean()) {
      return MemorySegment.ofArray(bytes);
    }
    return Arena.ofAuto()
        .allocate(Math.max(1, bytes.length))
        .copyFrom(MemorySegment.ofArray(bytes));
  }

  private Expiry anyExpiry() {
    return random.nextBoolean()
        ? Expiry.after(Duration.ofMillis(1 + random.nextInt(50)))
        : Expiry.at(Instant.ofEpochMilli(random.nextLong()));
  }

  private Bytes anyBytes() {
    return Bytes.of(key(random.nextInt(KEYS)));
  }

  private NamespaceOptions anyOptions() {
    return NamespaceOptions.DEFAULT
        .withCompaction(
            switch (random.nextInt(3)) {
              case 0 -> CompactionStyle.LEVELED;
              case 1 -> CompactionStyle.SIZE_TIERED;
              default -> CompactionStyle.timeWindowed(Duration.ofSeconds(1));
            })
        .withQuotaEntries(random.nextBoolean() ? 20 : 0)
        .withDurability(random.nextInt(4) == 0 ? Durability.SYNCED : null);
  }

  private Object of(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "byte[]" -> anyKey();
      case "ByteBuffer" -> ByteBuffer.wrap(anyKey());
      case "MemorySegment" -> anySegment();
      case "String" -> "n" + random.nextInt(4);
      case "Path" -> objects.newCheckpoint();
      case "Durability" -> random.nextInt(4) == 0 ? Durability.SYNCED : Durability.OS;
      case "Expiry" -> anyExpiry();
      case "Range" -> anyRange();
      case "WriteBatch" -> anyBatch();
      case "List" -> anyKeys();
      case "Codec" -> anyCodec();
      case "OrderedCodec" -> Codec.bytes();
      case "NamespaceOptions" -> anyOptions();
      case "KeyValueStore" -> objects.anyNamespace(random);
      case "Change" ->
          (KeyValueStore.Change)
              old -> old == null ? new byte[8] : random.nextBoolean() ? old : null;
      case "Delivery" ->
          random.nextBoolean() ? ChangeFeed.Delivery.DURABLE : ChangeFeed.Delivery.WRITTEN;
      case "Instant" -> Instant.now().minusMillis(random.nextInt(200) - 50);
      case "Duration" -> Duration.ofNanos(random.nextInt(1_000_000));
      case "boolean" -> random.nextBoolean();
      case "long" -> (long) random.nextInt(50) - 1;
      case "Object" -> anyBytes();
      case "Object[]" -> new Object[random.nextInt(3)];
      case "Map" -> Map.of(anyBytes(), anyBytes());
      case "Collection" -> (Collection<Object>) List.<Object>of(anyBytes());
      case "TransactionOptions" -> anyTransactionOptions();
      case "Savepoint" -> objects.anySavepoint(random);
      case "Consumer" -> (Consumer<Object>) _ -> {};
      case "BiConsumer" -> (BiConsumer<Object, Object>) (_, _) -> {};
      case "Function" -> (Function<Object, Object>) same -> same;
      case "BiFunction" -> (BiFunction<Object, Object, Object>) (_, _) -> anyBytes();
      case "Predicate" -> (Predicate<Object>) _ -> random.nextInt(100) == 0;
      case "IntFunction" -> (IntFunction<Object[]>) Object[]::new;
      default -> throw new AssertionError("a method takes a " + type + ": say here what to pass");
    };
  }

  private TransactionOptions anyTransactionOptions() {
    return new TransactionOptions(
        random.nextBoolean() ? Isolation.SERIALIZABLE : Isolation.SNAPSHOT,
        random.nextBoolean() ? Locking.OPTIMISTIC : Locking.PESSIMISTIC,
        random.nextInt(4) == 0 ? Durability.SYNCED : null,
        1 + random.nextInt(3),
        Duration.ofMillis(random.nextInt(3)));
  }

  private Codec<Bytes> anyCodec() {
    return random.nextBoolean() ? Codec.bytes() : EVEN;
  }
}
