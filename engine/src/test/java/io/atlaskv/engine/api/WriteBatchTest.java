package io.atlaskv.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.AtlasKv;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteBatchTest {
  private static final Expiry SOON = Expiry.at(Instant.parse("2100-01-01T00:00:00Z"));
  private static final Expiry LATE = Expiry.at(Instant.parse("2200-01-01T00:00:00Z"));

  @TempDir private Path directory;

  /// What was refused leaves nothing in the batch: the next value does not get its expiry.
  @Test
  @SuppressWarnings("NullAway") // nulls are what is refused
  void aRefusedOperationLeavesNothing() {
    byte[] key = {1};
    var batch = new WriteBatch();
    assertThrows(NullPointerException.class, () -> batch.put(key, null, SOON));
    assertThrows(NullPointerException.class, () -> batch.put(key, key, (Expiry) null));
    assertThrows(NullPointerException.class, () -> batch.deleteRange((Range) null));
    assertThat(batch.count()).isZero();
    batch.put(key, key, LATE);
    try (Db db = AtlasKv.open(directory)) {
      db.write(batch);
      assertThat(db.expiryOf(key)).isEqualTo(Instant.parse("2200-01-01T00:00:00Z"));
    }
  }
}
