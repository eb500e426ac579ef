package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every byte of every file of a small store is flipped, zeroed, and made the end of its file.
/// Opening and reading everything then tells of the damage or answers right; the only other right
/// answer is a shorter history: of a log that no seal ends, when it was cut, or when the damage is
/// in its last group, which nothing behind it says was ever synced.
class DbDamageTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  /// Every so many bytes one is damaged, in the parts of files that hold data.
  private static final int STRIDE = Integer.getInteger("atlaskv.damage.stride", 1);

  /// The log is zero behind its last group; there, and in large files, one byte in so many will do.
  private static final int STRIDE_OF_ZEROES = 509;

  private static final long SWEEP_NANOS = 1_000_000_000;

  private static final Logger LOGGER = Logger.getLogger("io.atlaskv");

  private enum Damage {
    FLIP,
    ZERO,
    TRUNCATE
  }

  private enum Outcome {
    DETECTED,
    HARMLESS,
    SHORTER
  }

  /// A store at rest: its files, and what it held after each commit.
  private record Image(
      Map<String, byte[]> files, List<StoreModel> states, Options options, boolean isClosed) {
    /// Whether damage may have left the state after `commits` commits.
    boolean mayEndAfter(int commits, String name, Damage damage) {
      boolean isUnsealedLog = name.endsWith(".log") && !isClosed;
      return isUnsealedLog && (damage == Damage.TRUNCATE || commits == states.size() - 2);
    }

    FaultFileSystem damaged(String name, byte[] bytes) {
      var damaged = FaultFileSystem.create(SEED).withoutHistory();
      files.forEach((file, whole) -> damaged.put(file, file.equals(name) ? bytes : whole));
      return damaged;
    }
  }

  @BeforeAll
  static void expectWarnings() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void expectNone() {
    LOGGER.setLevel(null);
  }

  @Test
  void closedStore() {
    damageAll(image(true), STRIDE);
  }

  @Test
  void killedStore() {
    damageAll(image(false), STRIDE * 6);
  }

  @Test
  @Tag("slow")
  void everyByteOfAKilledStore() {
    damageAll(image(false), 1);
  }

  /// Without a file that it needs, a store does not open, or opens right.
  @Test
  void missingFile() {
    Image image = image(true);
    for (String lost : image.files.keySet()) {
      var left = FaultFileSystem.create(SEED);
      image.files.forEach((name, bytes) -> {
        if (!name.equals(lost)) {
          left.put(name, bytes);
        }
      });
      Outcome outcome = judge(image, left, lost, Damage.TRUNCATE, lost + " is missing");
      if (lost.endsWith(".sst")) {
        assertThat(outcome).as(lost).isEqualTo(Outcome.DETECTED);
      }
    }
  }

  private static Image image(boolean isClosed) {
    var files = FaultFileSystem.create(SEED);
    Options options =
        RandomOptions.SMALL.withDurability(Durability.ALWAYS).withCompression(Compression.LZ4);
    var states = new ArrayList<StoreModel>();
    var model = new StoreModel();
    states.add(model.copy());
    var store = SimStore.open(files, SEED, options);
    var writes = new ArrayList<Write>();
    writes.add(new Write.Create("one"));
    for (int i = 0; i < 8; i++) {
      writes.add(Write.put("key" + i, "value".repeat(7) + i));
      writes.add(Write.put("key" + i, "v" + i).in("one"));
    }
    writes.add(Write.deleteRange("key2", "key4"));
    int flushed = writes.size();
    writes.add(Write.put("key1", "newer"));
    writes.add(Write.batch(Write.put("left", "1"), Write.put("right", "1"), Write.delete("key0")));
    writes.add(Write.put("key3", "back").in("one"));
    for (int i = 0; i < writes.size(); i++) {
      if (i == flushed) {
        store.db().flush();
        store.db().compact();
        store.scheduler().runFor(SWEEP_NANOS); // what is obsolete is deleted
      }
      writes.get(i).to(store.db());
      writes.get(i).to(model);
      states.add(model.copy());
    }
    if (isClosed) {
      store.close();
    } else {
      store.kill();
    }
    var image = new LinkedHashMap<String, byte[]>();
    for (String name : files.list()) {
      image.put(name, files.contents(name));
    }
    return new Image(image, states, options, isClosed);
  }

  private static void damageAll(Image image, int stride) {
    for (Map.Entry<String, byte[]> file : image.files.entrySet()) {
      String name = file.getKey();
      byte[] whole = file.getValue();
      int data = whole.length;
      while (data > 0 && whole[data - 1] == 0) {
        data--;
      }
      var outcomes = new TreeMap<String, Integer>();
      int first = (int) (SEED % stride);
      for (int at = first; at < whole.length; at += at < data + 64 ? stride : STRIDE_OF_ZEROES) {
        for (Damage damage : Damage.values()) {
          byte[] bytes = whole.clone();
          switch (damage) {
            case FLIP -> bytes[at] ^= (byte) (1 << at % Byte.SIZE);
            case ZERO -> bytes[at] = 0;
            case TRUNCATE -> bytes = Arrays.copyOf(bytes, at);
          }
          String what = name + " damaged by " + damage + " at " + at + " of " + whole.length;
          Outcome outcome = judge(image, image.damaged(name, bytes), name, damage, what);
          outcomes.merge(damage + " " + outcome, 1, Integer::sum);
        }
      }
      System.out.println(
          "DbDamageTest: " + name + ", " + whole.length + " bytes, " + data + " used: " + outcomes);
    }
  }

  private static String replay() {
    return "replay: ./mvnw test -pl engine -am -Dtest=DbDamageTest -Datlaskv.damage.stride="
        + STRIDE
        + " -Datlaskv.seed="
        + SEED;
  }

  /// Opens and reads everything; fails if an answer is wrong.
  private static Outcome judge(
      Image image, FaultFileSystem files, String name, Damage damage, String what) {
    StoreModel found;
    try (var store = SimStore.open(files, SEED, image.options)) {
      found = StoreModel.readAllWays(store.db());
      store.db().verify();
    } catch (CorruptionException e) {
      assertThat(e.getMessage()).as(what).contains(e.file()).contains("@");
      if (name.endsWith(".sst")) {
        assertThat(e.file()).as(what).isEqualTo(name);
      }
      return Outcome.DETECTED;
    } catch (AtlasException e) {
      assertThat(e.getMessage()).as(what).isNotBlank();
      return Outcome.DETECTED;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + "; " + replay(), e);
    }
    int state = image.states.lastIndexOf(found);
    if (state < 0) {
      return fail(
          what + ": wrong answer: " + image.states.getLast().difference(found) + "; " + replay());
    }
    if (state == image.states.size() - 1) {
      return Outcome.HARMLESS;
    }
    return image.mayEndAfter(state, name, damage)
        ? Outcome.SHORTER
        : fail(what + ": only " + state + " commits are left; " + replay());
  }
}
