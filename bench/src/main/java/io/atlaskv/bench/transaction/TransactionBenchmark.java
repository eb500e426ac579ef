package io.atlaskv.bench.transaction;

import com.sun.management.OperatingSystemMXBean;
import io.atlaskv.bench.Environment;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.bench.Numbers;
import io.atlaskv.bench.Samples;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/// Question: what do transactions cost next to plain writes of the same keys, and how do they get
/// on when threads want the same keys? Optimistic and pessimistic, against RocksDB's
/// `OptimisticTransactionDB` and `TransactionDB`.
///
/// Alone: CPU time of the calling thread, 100,000 keys, values of 100 bytes. Contended: 4 threads
/// whose transactions read and write two random keys of so many and then wait for 50 µs before they
/// commit, so that they do meet; CPU of the process and wall time for each that was committed, and
/// how often one ran. The stores take turns in each round; the first round warms up; medians.
public final class TransactionBenchmark implements AutoCloseable {
  private static final int KEYS = 100_000;
  private static final int VALUE_BYTES = 100;
  private static final int MANY = 10;
  private static final int THREADS = 4;
  private static final long THOUGHT_NANOS = 50_000;
  private static final int[] CONTENDED_KEYS = {KEYS, 100, 10, 2};

  private final Map<String, TransactionalStore> stores = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Double>>> alone = new LinkedHashMap<>();
  private final Map<String, List<Contention>> contended = new LinkedHashMap<>();
  private final int operations;
  private final int transactions;
  private final byte[] value = new byte[VALUE_BYTES];
  private final SplittableRandom random = new SplittableRandom(42);

  /// Means of one round.
  private record Contention(double tries, double cpuMicros, double wallMicros) {}

  private interface Row {
    void run(TransactionalStore.Client client);
  }

  private TransactionBenchmark(int operations, int transactions) {
    this.operations = operations;
    this.transactions = transactions;
  }

  /// Runs all of it in a temporary directory and prints two tables.
  public static void main(String[] args) throws Exception {
    List<Integer> numbers =
        Numbers.of("bench/transactions")
            .with("ROUNDS", 5, 1)
            .with("OPERATIONS", 20_000, 1)
            .with("TRANSACTIONS", 2_000, 1)
            .parseOrExit(args);
    int rounds = numbers.get(0);
    int operations = numbers.get(1);
    int transactions = numbers.get(2);
    var benchmark = new TransactionBenchmark(operations, transactions);
    try (var scratch = TemporaryDirectory.create("transactions");
        benchmark) {
      benchmark.open(scratch.path());
      for (int round = 0; round <= rounds; round++) {
        benchmark.alone(round > 0);
        benchmark.contended(round > 0);
      }
    }
    Environment.here().lines().forEach(System.out::println);
    System.out.printf(
        "- %d rounds of %d operations, of %d contended transactions a thread%n%n",
        rounds, operations, transactions);
    benchmark.aloneTable().lines().forEach(System.out::println);
    System.out.println();
    benchmark.contendedTable().lines().forEach(System.out::println);
  }

  private void open(Path directory) throws Exception {
    stores.put(
        "AtlasKV optimistic", new AtlasKvTransactions(directory.resolve("ao"), Locking.OPTIMISTIC));
    stores.put("RocksDB optimistic", new RocksDbTransactions(directory.resolve("ro"), true));
    stores.put(
        "AtlasKV pessimistic",
        new AtlasKvTransactions(directory.resolve("ap"), Locking.PESSIMISTIC));
    stores.put("RocksDB pessimistic", new RocksDbTransactions(directory.resolve("rp"), false));
    for (TransactionalStore store : stores.values()) {
      try (var client = store.client()) {
        for (int i = 0; i < KEYS; i++) {
          client.put(key(i), value);
        }
      }
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(16)
        .putLong(0x6b65793a6b65793aL)
        .putLong(number * 0x9E3779B97F4A7C15L)
        .array();
  }

  private byte[][] keys(int count) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = key(random.nextInt(KEYS));
    }
    return keys;
  }

  private Map<String, Row> rows() {
    var rows = new LinkedHashMap<String, Row>();
    rows.put("put, no transaction", client -> client.put(keys(1)[0], value));
    rows.put("batch of 10 puts, no transaction", client -> client.putBatch(keys(MANY), value));
    rows.put("1 put", client -> client.transactPuts(keys(1), value));
    rows.put("10 puts", client -> client.transactPuts(keys(MANY), value));
    rows.put("get and put of 1 key", client -> client.transactUpdates(keys(1), value, () -> {}));
    rows.put(
        "get and put of 10 keys", client -> client.transactUpdates(keys(MANY), value, () -> {}));
    return rows;
  }

  private void alone(boolean isCounted) {
    rows()
        .forEach((name, row) ->
            stores.forEach((storeName, store) -> {
              double micros = cpuMicros(store, row);
              if (isCounted) {
                alone
                    .computeIfAbsent(name, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(storeName, _ -> new ArrayList<>())
                    .add(micros);
              }
            }));
  }

  private double cpuMicros(TransactionalStore store, Row row) {
    var threads = ManagementFactory.getThreadMXBean();
    try (var client = store.client()) {
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < operations; i++) {
        row.run(client);
      }
      return (threads.getCurrentThreadCpuTime() - start) / 1e3 / operations;
    }
  }

  private MarkdownTable aloneTable() {
    var header = new ArrayList<String>();
    header.add("CPU-µs, one thread");
    header.addAll(stores.keySet());
    var table = new MarkdownTable(header.toArray(String[]::new));
    alone.forEach((row, figures) -> {
      var cells = new ArrayList<String>();
      cells.add(row);
      figures.values().forEach(micros -> cells.add(text(new Samples(micros).median())));
      table.add(cells.toArray(String[]::new));
    });
    return table;
  }

  private void contended(boolean isCounted) throws Exception {
    for (int keys : CONTENDED_KEYS) {
      for (Map.Entry<String, TransactionalStore> store : stores.entrySet()) {
        Contention contention = contend(store.getValue(), keys);
        if (isCounted) {
          contended
              .computeIfAbsent(
                  String.format(Locale.ROOT, "%,d keys, %s", keys, store.getKey()),
                  _ -> new ArrayList<>())
              .add(contention);
        }
      }
    }
  }

  private Contention contend(TransactionalStore store, int keys) throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    long tries = 0;
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      var clients = new ArrayList<Callable<Long>>();
      for (int thread = 0; thread < THREADS; thread++) {
        SplittableRandom own = random.split();
        clients.add(() -> contender(store, own, keys));
      }
      for (Future<Long> result : threads.invokeAll(clients)) {
        tries += result.get();
      }
    }
    double committed = (double) THREADS * transactions;
    return new Contention(
        tries / committed,
        (system.getProcessCpuTime() - cpu) / 1e3 / committed,
        (System.nanoTime() - start) / 1e3 / committed);
  }

  private long contender(TransactionalStore store, SplittableRandom own, int keys) {
    long tries = 0;
    try (var client = store.client()) {
      for (int i = 0; i < transactions; i++) {
        byte[][] two = {key(own.nextInt(keys)), key(own.nextInt(keys))};
        tries += client.transactUpdates(two, value, () -> LockSupport.parkNanos(THOUGHT_NANOS));
      }
    }
    return tries;
  }

  private MarkdownTable contendedTable() {
    var table =
        new MarkdownTable("4 threads, get and put of 2 keys out of", "tries", "CPU-µs", "wall µs");
    contended.forEach((row, rounds) ->
        table.add(
            row,
            text(median(rounds, Contention::tries)),
            text(median(rounds, Contention::cpuMicros)),
            text(median(rounds, Contention::wallMicros))));
    return table;
  }

  private interface Figure {
    double of(Contention contention);
  }

  private static double median(List<Contention> rounds, Figure figure) {
    return new Samples(rounds.stream().map(figure::of).toList()).median();
  }

  private static String text(double figure) {
    return String.format(Locale.ROOT, "%.2f", figure);
  }

  @Override
  public void close() {
    stores.values().forEach(TransactionalStore::close);
  }
}
