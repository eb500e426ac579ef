package io.atlaskv.bench.log;

import com.sun.management.ThreadMXBean;
import io.atlaskv.bench.Environment;
import io.atlaskv.bench.MarkdownTable;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.engine.internal.wal.Wal;
import io.atlaskv.engine.internal.wal.WalOptions;
import io.atlaskv.engine.internal.wal.WalRecovery;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// Question: what does a log append cost, alone and in groups, and which way to the disk is the
/// cheapest for a group of one record and for a synced one?
///
/// Without arguments: prints the tables; `--dir DIR` says on which file system (default: the
/// current directory), `--report FILE` writes them, too.
public final class LogWriteExperiment {
  private static final int RECORD_BYTES =
      184; // a group of one batch of a 16-byte key, 100 of value
  private static final int WRITES = 200_000;
  private static final int SYNCS = 2000;
  private static final long FILE_BYTES = 64 << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Path directory;

  private LogWriteExperiment(Path directory) {
    this.directory = directory;
  }

  /// Entry point.
  public static void main(String[] arguments) throws IOException {
    Path parent = Path.of("");
    Path report = null;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--dir" -> parent = Path.of(arguments[i + 1]);
        case "--report" -> report = Path.of(arguments[i + 1]);
        default -> throw new IllegalArgumentException("unknown flag " + arguments[i]);
      }
    }
    var experiment =
        new LogWriteExperiment(Files.createTempDirectory(parent.toAbsolutePath(), "log"));
    var lines = new ArrayList<String>(Environment.here().lines());
    try {
      for (var table : List.of(experiment.groups(), experiment.ways(), experiment.syncs())) {
        lines.add("");
        lines.addAll(table.lines());
      }
    } finally {
      experiment.clean();
    }
    lines.forEach(System.out::println);
    if (report != null) {
      Files.write(report, lines);
    }
  }

  private void clean() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /// The log itself: CPU of the appending thread, building of the batch taken off.
  private MarkdownTable groups() {
    var table = new MarkdownTable("batches per group", "ns of CPU per batch", "garbage, bytes");
    Ports ports = SystemPorts.open(directory);
    try (var batch = new BatchBuilder();
        Arena arena = Arena.ofConfined()) {
      var options =
          new WalOptions(
              FILE_BYTES, FILE_BYTES, 4 * FILE_BYTES, FILE_BYTES, 256 << 10, 1L << 30, 1L << 30);
      var none = WalRecovery.none(ports.files());
      try (var wal = new Wal(ports, options, UUID.randomUUID(), none, () -> {})) {
        MemorySegment value = arena.allocate(100);
        long sequence = 1;
        for (int groupSize : new int[] {1000, 1, 16, 100, 1000}) { // the first warms up
          long garbage = -THREADS.getCurrentThreadAllocatedBytes();
          long cpu = -THREADS.getCurrentThreadCpuTime();
          for (int i = 0; i < WRITES; i++) {
            build(batch, value);
            while (!wal.hasRoom(batch.length())) {
              wal.sync();
              wal.releaseBelow(wal.currentSegment());
              Thread.onSpinWait();
            }
            wal.append(sequence++, 1, batch.segment(), batch.length());
            if (i % groupSize == groupSize - 1) {
              wal.write();
            }
          }
          cpu += THREADS.getCurrentThreadCpuTime();
          garbage += THREADS.getCurrentThreadAllocatedBytes();
          long builds = -THREADS.getCurrentThreadCpuTime();
          for (int i = 0; i < WRITES; i++) {
            build(batch, value);
          }
          builds += THREADS.getCurrentThreadCpuTime();
          if (sequence > WRITES + 1) {
            table.add("" + groupSize, "" + (cpu - builds) / WRITES, "" + garbage / WRITES);
          }
        }
      }
    } finally {
      ports.scheduler().close();
    }
    return table;
  }

  private static void build(BatchBuilder batch, MemorySegment value) {
    batch.clear();
    batch.put(KEY, 0, KEY.length, value, 0, (int) value.byteSize());
    batch.finish();
  }

  private static final byte[] KEY = new byte[16];

  /// One call.
  @FunctionalInterface
  private interface Call {
    void run(int index) throws IOException;
  }

  /// Ways to hand one record to the kernel, in blocks that are there.
  private MarkdownTable ways() throws IOException {
    var table = new MarkdownTable("one record", "ns of CPU");
    Path path = directory.resolve("ways");
    try (var channel = open(path);
        var file = new RandomAccessFile(path.toFile(), "rw");
        Arena arena = Arena.ofConfined()) {
      preallocate(channel, FILE_BYTES);
      ByteBuffer direct = ByteBuffer.allocateDirect(RECORD_BYTES);
      ByteBuffer heap = ByteBuffer.allocate(RECORD_BYTES);
      ByteBuffer[] parts = {
        ByteBuffer.allocateDirect(40), ByteBuffer.allocateDirect(RECORD_BYTES - 40)
      };
      MemorySegment map = channel.map(MapMode.READ_WRITE, 0, FILE_BYTES, arena);
      MemorySegment record = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(RECORD_BYTES));
      Call positioned = i -> channel.write(direct.clear(), (long) i * RECORD_BYTES);
      cpu(positioned);
      table.add("positioned write, direct buffer", cpu(positioned));
      table.add(
          "positioned write, heap buffer",
          cpu(i -> channel.write(heap.clear(), (long) i * RECORD_BYTES)));
      channel.position(0);
      table.add("write at the file's position", cpu(_ -> channel.write(direct.clear())));
      channel.position(0);
      table.add(
          "gathering write of header and payload",
          cpu(_ -> {
            parts[0].clear();
            parts[1].clear();
            channel.write(parts);
          }));
      table.add("RandomAccessFile", cpu(_ -> file.write(heap.array())));
      Call mapped = i -> MemorySegment.copy(record, 0, map, (long) i * RECORD_BYTES, RECORD_BYTES);
      cpu(mapped);
      table.add("mapped, pages touched before", cpu(mapped));
    }
    return table;
  }

  private static String cpu(Call call) throws IOException {
    long cpu = -THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < WRITES; i++) {
      call.run(i);
    }
    return "" + (cpu + THREADS.getCurrentThreadCpuTime()) / WRITES;
  }

  /// Synced writes into blocks that are there, and at the end of a file, in turns: a busy disk
  /// disturbs both alike.
  private MarkdownTable syncs() throws IOException {
    var table = new MarkdownTable("write and fdatasync, us", "p50", "p90", "p99");
    long[] overwritten = new long[SYNCS];
    long[] appended = new long[SYNCS];
    ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
    try (var there = open(directory.resolve("there"));
        var growing = open(directory.resolve("growing"))) {
      preallocate(there, 1 << 20);
      for (int i = 0; i < SYNCS; i++) {
        overwritten[i] = sync(there, record, (long) i * RECORD_BYTES);
        appended[i] = sync(growing, record, (long) i * RECORD_BYTES);
      }
    }
    table.add(row("overwritten in place", overwritten));
    table.add(row("appended", appended));
    return table;
  }

  private static long sync(FileChannel channel, ByteBuffer record, long at) throws IOException {
    long start = System.nanoTime();
    channel.write(record.clear(), at);
    channel.force(false);
    return (System.nanoTime() - start) / 1000;
  }

  private static String[] row(String name, long[] micros) {
    Arrays.sort(micros);
    return new String[] {
      name, "" + micros[SYNCS / 2], "" + micros[SYNCS * 9 / 10], "" + micros[SYNCS * 99 / 100]
    };
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void preallocate(FileChannel channel, long bytes) throws IOException {
    ByteBuffer zeroes = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < bytes; at += zeroes.capacity()) {
      channel.write(zeroes.clear(), at);
    }
    channel.force(true);
  }
}
