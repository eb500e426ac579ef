package io.atlaskv.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriterModelTest {
  private static final int SLOTS = 20;
  private static final long ACKNOWLEDGED = 500;

  private final OperationStream stream = new OperationStream(42, 0, SLOTS);
  private final WriterModel model = new WriterModel(stream);

  @Test
  void acceptsEveryCutOfTheUnknownOperations() {
    for (long cut = ACKNOWLEDGED; cut <= ACKNOWLEDGED + 30; cut++) {
      var fresh = new WriterModel(stream);
      assertThat(fresh.agree(ACKNOWLEDGED, ACKNOWLEDGED + 30, after(cut))).isEmpty();
    }
  }

  @Test
  void stateBeforeLastAcknowledgedWriteIsLost() {
    long lastSet = lastOf(Operation.Kind.SET, ACKNOWLEDGED);
    var shown = after(lastSet + 1);
    shown.set(stream.at(lastSet).slot(), null);
    assertThat(model.agree(lastSet + 1, lastSet + 1, shown))
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.LOST);
  }

  @Test
  void deletedKeyThatIsBackIsResurrected() {
    long deletion = lastDeletionOfLiveKey();
    int slot = stream.at(deletion).slot();
    var shown = after(deletion + 1);
    shown.set(slot, after(deletion).get(slot));
    assertThat(model.agree(deletion + 1, deletion + 1, shown))
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.RESURRECTED);
  }

  @Test
  void changedByteIsCorrupt() {
    long lastSet = lastOf(Operation.Kind.SET, ACKNOWLEDGED);
    int slot = stream.at(lastSet).slot();
    var shown = after(lastSet + 1);
    shown.set(slot, shown.get(slot) + "x");
    assertThat(model.agree(lastSet + 1, lastSet + 1, shown))
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.CORRUPT);
  }

  @Test
  void laterOperationWithoutEarlierOneIsHole() {
    // Two sets of different keys: the second happened, the first did not.
    long first = ACKNOWLEDGED;
    while (stream.at(first).kind() != Operation.Kind.SET
        || stream.at(first + 1).kind() != Operation.Kind.SET
        || stream.at(first).slot() == stream.at(first + 1).slot()) {
      first++;
    }
    var shown = after(first);
    int slot = stream.at(first + 1).slot();
    shown.set(slot, stream.value(first + 1, slot));
    assertThat(model.agree(first, first + 2, shown))
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.HOLE);
  }

  @Test
  void droppedOperationThatShowsUpInLaterLifeIsFound() {
    long sent = lastOf(Operation.Kind.SET, ACKNOWLEDGED) + 1;
    assertThat(model.agree(sent - 1, sent, after(sent - 1))).isEmpty();
    assertThat(model.firstOfLife()).isEqualTo(sent);
    assertThat(model.agree(sent, sent, after(sent))).hasSize(1);
  }

  /// What the server shows after that many operations.
  private List<@Nullable String> after(long operations) {
    var shown = new ArrayList<@Nullable String>(Collections.nCopies(SLOTS, null));
    for (long index = 0; index < operations; index++) {
      var operation = stream.at(index);
      boolean isDelete = operation.kind() == Operation.Kind.DELETE;
      for (int slot : new int[] {operation.slot(), operation.otherSlot()}) {
        shown.set(slot, isDelete ? null : stream.value(index, slot));
      }
    }
    return shown;
  }

  private long lastOf(Operation.Kind kind, long before) {
    long index = before - 1;
    while (stream.at(index).kind() != kind) {
      index--;
    }
    return index;
  }

  private long lastDeletionOfLiveKey() {
    long index = lastOf(Operation.Kind.DELETE, ACKNOWLEDGED);
    while (after(index).get(stream.at(index).slot()) == null) {
      index = lastOf(Operation.Kind.DELETE, index);
    }
    return index;
  }
}
