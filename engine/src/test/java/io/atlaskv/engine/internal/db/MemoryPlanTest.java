package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryPlanTest {
  private static final long MIB = 1 << 20;
  private static final long HEAP = 128 * MIB;

  @ParameterizedTest
  @ValueSource(longs = {256, 512, 1024, 2048, 16_384, 262_144})
  void allPartsTogetherKeepTheLimit(long limitMib) {
    long limit = limitMib * MIB;
    MemoryPlan plan = MemoryPlan.of(Options.DEFAULT.withMemoryLimitBytes(limit), limit, HEAP);
    long memtables = (plan.sealedMax() + 2) * plan.memtableBytes();
    long heap = Math.min(HEAP, limit / 2);
    assertThat(memtables + plan.blockCacheBytes() + heap).isLessThan(limit);
    assertThat(plan.blockCacheBytes()).isGreaterThanOrEqualTo(2 * MIB);
  }

  @Test
  void withoutALimitItTakesAQuarterOfTheMachine() {
    assertThat(MemoryPlan.of(Options.DEFAULT, 8192 * MIB, HEAP).limitBytes()).isEqualTo(2048 * MIB);
    assertThat(MemoryPlan.of(Options.DEFAULT, 64 * MIB, HEAP).limitBytes()).isEqualTo(256 * MIB);
  }

  @Test
  void rowsTakeFromTheBlocks() {
    Options options = Options.DEFAULT.withMemoryLimitBytes(1024 * MIB);
    long without = MemoryPlan.of(options, 0, HEAP).blockCacheBytes();
    long with = MemoryPlan.of(options.withRowCacheBytes(100 * MIB), 0, HEAP).blockCacheBytes();
    assertThat(without - with).isEqualTo(100 * MIB);
  }

  @Test
  void whatTheOptionsSayStands() {
    Options options = Options.DEFAULT.withMemtableBytes(512 * MIB).withBlockCacheBytes(3 * MIB);
    MemoryPlan plan = MemoryPlan.of(options, 8192 * MIB, HEAP);
    assertThat(plan.memtableBytes()).isEqualTo(512 * MIB);
    assertThat(plan.blockCacheBytes()).isEqualTo(3 * MIB);
  }
}
