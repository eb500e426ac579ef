package io.atlaskv.engine.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReadSetTest {
  private static byte[] key(int namespace, int number) {
    return ByteBuffer.allocate(8).putInt(namespace).putInt(number).array();
  }

  @Test
  void tooManyKeysBecomeOneRangeOfEachNamespace() {
    var reads = new ReadSet();
    for (int i = 0; i <= ReadSet.EACH_MAX / 2; i++) {
      reads.add(key(7, 2 * i));
      reads.add(key(0xff, 2 * i));
    }
    assertThat(reads.keys()).hasSizeLessThan(ReadSet.EACH_MAX / 2);
    assertThat(reads.ranges().count()).isEqualTo(2);
    assertThat(reads.isTouchedBy(key(7, 1))).isTrue(); // not read, but in the range
    assertThat(reads.isTouchedBy(key(7, ReadSet.EACH_MAX))).isTrue();
    assertThat(reads.isTouchedBy(key(7, ReadSet.EACH_MAX + 5))).isFalse();
    assertThat(reads.isTouchedBy(key(8, 1))).isFalse();
    assertThat(reads.isTouchedBy(key(8, 0), key(9, 0))).isFalse();
    assertThat(reads.isTouchedBy(key(8, 0), key(0xff, 1))).isTrue();
  }

  @Test
  void tooManyRangesBecomeOneOfEachNamespace() {
    var reads = new ReadSet();
    for (int i = 0; i <= ReadSet.EACH_MAX / 2; i++) {
      reads.addRange(key(7, 3 * i), key(7, 3 * i + 1));
      reads.addRange(key(9, 3 * i), key(9, 3 * i + 1));
    }
    assertThat(reads.ranges().count()).isLessThan(5); // and a few since
    assertThat(reads.isTouchedBy(key(7, 2))).isTrue();
    assertThat(reads.isTouchedBy(key(8, 2))).isFalse();
    assertThat(reads.isTouchedBy(key(9, 3 * ReadSet.EACH_MAX))).isFalse();
  }

  @Test
  void aKeyThatIsReadIsTouchedByRangesAroundIt() {
    var reads = new ReadSet();
    reads.add(key(1, 5));
    assertThat(reads.isTouchedBy(key(1, 5), key(1, 6))).isTrue();
    assertThat(reads.isTouchedBy(key(1, 4), key(1, 5))).isFalse();
    assertThat(reads.isTouchedBy(key(1, 6), key(1, 9))).isFalse();
    assertThat(reads.isTouchedBy(key(1, 5))).isTrue();
    assertThat(reads.isTouchedBy(key(1, 4))).isFalse();
  }
}
