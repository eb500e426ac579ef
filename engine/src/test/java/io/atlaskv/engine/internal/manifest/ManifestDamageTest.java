package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.SimPorts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Damages each byte of the manifest's files in every way there is a word for: the store opens as
/// it was or says which file is damaged, never anything else.
class ManifestDamageTest {
  private final SimPorts world = SimPorts.create(42);
  private String manifest = "";
  private String expected = "";

  @BeforeEach
  void makeStore() {
    try (var set = VersionSet.open(world.ports(), new FakeTables(world.files()))) {
      for (long number = 100; number < 104; number++) {
        FakeTables.write(world.files(), number);
        var edit =
            VersionEdit.builder()
                .add(0, FakeTables.meta(number, "a", "m", number))
                .lastSequence(number)
                .counter(new CounterId(1, 1), number);
        set.apply(edit.build());
      }
      expected = describe(set.state());
      manifest =
          world.files().list().stream()
              .filter(name -> name.startsWith("MANIFEST"))
              .findFirst()
              .orElseThrow();
    }
  }

  @Test
  void flippedBitsOfTheManifestAreFound() {
    assertEquals(0, opened(manifest, 0x01, 0x80, 0xff), "damage that went unnoticed");
  }

  @Test
  void zeroedBytesOfTheManifestAreFound() {
    byte[] original = world.files().contents(manifest);
    for (int at = 0; at < original.length; at++) {
      byte[] damaged = original.clone();
      Arrays.fill(damaged, at, Math.min(original.length, at + 16), (byte) 0);
      world.files().put(manifest, damaged);
      boolean isChanged = !Arrays.equals(original, damaged);
      assertEquals(!isChanged, opens(manifest, at), "zeroes at " + at);
    }
  }

  @Test
  void cutOffManifestIsFound() {
    byte[] original = world.files().contents(manifest);
    for (int length = 0; length < original.length; length++) {
      world.files().put(manifest, Arrays.copyOf(original, length));
      assertTrue(!opens(manifest, length), "cut to " + length);
    }
  }

  @Test
  void bytesAfterTheManifestDoNoHarm() {
    byte[] original = world.files().contents(manifest);
    for (int more = 1; more < 40; more++) {
      world.files().put(manifest, Arrays.copyOf(original, original.length + more));
      assertTrue(opens(manifest, more), "the trace of an edit that was being written");
    }
  }

  @Test
  void damagedCurrentIsFound() {
    assertEquals(0, opened(FileName.CURRENT, 0x01, 0x80, 0xff), "damage that went unnoticed");
    byte[] original = world.files().contents(FileName.CURRENT);
    for (int length = 0; length < original.length; length++) {
      world.files().put(FileName.CURRENT, Arrays.copyOf(original, length));
      assertTrue(!opens(FileName.CURRENT, length), "cut to " + length);
    }
  }

  /// The mark only adds knowledge: damage to it alone is harmless.
  @Test
  void damagedMarkDoesNoHarm() {
    int bytes = world.files().contents(FileName.COMMITTED).length;
    assertEquals(3 * bytes, opened(FileName.COMMITTED, 0x01, 0x80, 0xff));
    byte[] original = world.files().contents(FileName.COMMITTED);
    for (int length = 0; length < original.length; length++) {
      world.files().put(FileName.COMMITTED, Arrays.copyOf(original, length));
      assertTrue(opens(FileName.COMMITTED, length), "cut to " + length);
    }
  }

  /// Without the mark the last record may be lost unnoticed, as after a power cut, but no other,
  /// and what opens is the state before it.
  @Test
  void withoutTheMarkOnlyTheLastEditMayGo() {
    world.files().delete(FileName.COMMITTED);
    byte[] original = world.files().contents(manifest);
    int lost = 0;
    for (int at = 0; at < original.length; at++) {
      byte[] damaged = original.clone();
      damaged[at] ^= 0x55;
      world.files().put(manifest, damaged);
      String state = open(manifest);
      if (state != null) {
        assertEquals("L0=[102, 101, 100] 102 {CounterId[namespace=1, counter=1]=102}", state);
        lost++;
      }
    }
    assertTrue(lost > 0 && lost < original.length / 3, "lost=" + lost);
  }

  /// Opens once for each byte and mask; tells how often the store opened, always as it was.
  private int opened(String file, int... masks) {
    byte[] original = world.files().contents(file);
    int opened = 0;
    for (int at = 0; at < original.length; at++) {
      for (int mask : masks) {
        byte[] damaged = original.clone();
        damaged[at] ^= (byte) mask;
        world.files().put(file, damaged);
        if (opens(file, at)) {
          opened++;
        }
      }
    }
    return opened;
  }

  private boolean opens(String file, int at) {
    String state = open(file);
    if (state != null) {
      assertEquals(expected, state, file + " damaged at " + at);
    }
    return state != null;
  }

  /// The state a copy of the damaged store opens with; null if it says what is damaged.
  private @Nullable String open(String file) {
    SimPorts copy = SimPorts.create(7);
    for (String name : world.files().list()) {
      copy.files().put(name, world.files().contents(name));
    }
    try (var set = VersionSet.open(copy.ports(), new FakeTables(copy.files()))) {
      return describe(set.state());
    } catch (CorruptionException e) {
      assertTrue(e.file().equals(file) || e.file().equals(FileName.CURRENT), e.getMessage());
      return null;
    } catch (UnsupportedFormatException e) {
      assertTrue(e.getMessage().startsWith(file), e.getMessage());
      return null;
    }
  }

  private static String describe(StoreState state) {
    return state.levels() + " " + state.lastSequence() + " " + state.counters();
  }
}
