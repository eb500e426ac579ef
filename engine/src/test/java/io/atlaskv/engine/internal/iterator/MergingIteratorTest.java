package io.atlaskv.engine.internal.iterator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.internal.base.NeedsBlocks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class MergingIteratorTest extends InternalIteratorContract {
  /// Deals the entries out to 7 children, some of which stay empty when there are few.
  @Override
  protected InternalIterator open(List<Entry> entries) {
    var random = new Random(entries.size());
    var dealt = new ArrayList<List<Entry>>();
    for (int child = 0; child < 7; child++) {
      dealt.add(new ArrayList<>());
    }
    for (Entry entry : entries) {
      dealt.get(random.nextInt(dealt.size())).add(entry);
    }
    var children = new ArrayList<InternalIterator>();
    for (List<Entry> child : dealt) {
      children.add(new EntryListIterator(child));
    }
    return new MergingIterator(children);
  }

  @Test
  void nothingOfNothingIsInvalid() {
    var merged = new MergingIterator(List.of());
    merged.seekToFirst();
    assertFalse(merged.isValid());
    merged.seekToLast();
    assertFalse(merged.isValid());
  }

  @Test
  void tellsWhichChildItStandsOn() {
    var merged =
        new MergingIterator(
            List.of(
                new EntryListIterator(List.of(Entry.put("b", 9, "b9"))),
                new EntryListIterator(List.of(Entry.put("a", 2, "a2"), Entry.put("b", 1, "b1")))));
    merged.seekToFirst();
    assertEquals(1, merged.child());
    merged.next();
    assertEquals(0, merged.child());
    merged.next();
    assertEquals(1, merged.child());
  }

  @Test
  void aSeekAsksAllChildrenThoughTheFirstLacksBlocks() {
    var asked = new AtomicInteger();
    BooleanSupplier isMissing = () -> asked.incrementAndGet() <= 8; // the first seek of each kind
    var children = new ArrayList<InternalIterator>();
    for (int i = 0; i < 2; i++) {
      children.add(new EntryListIterator(List.of(Entry.put("a" + i, 1, "")), isMissing));
    }
    var merged = new MergingIterator(children);
    byte[] key = {'a'};
    assertThrows(NeedsBlocks.class, merged::seekToFirst);
    assertEquals(2, asked.get());
    assertFalse(merged.isValid());
    assertThrows(NeedsBlocks.class, merged::seekToLast);
    assertEquals(4, asked.get());
    assertThrows(NeedsBlocks.class, () -> merged.seek(key, 0, 1));
    assertEquals(6, asked.get());
    assertThrows(NeedsBlocks.class, () -> merged.seekForPrev(key, 0, 1));
    assertEquals(8, asked.get());
    merged.seek(key, 0, 1);
    assertAt(Entry.put("a0", 1, ""), merged, "the first");
    merged.next();
    assertAt(Entry.put("a1", 1, ""), merged, "the second");
  }

  @Test
  void whatAllKeysBeginWithNeedNotBeCompared() {
    String common = "beginning";
    var left =
        new EntryListIterator(List.of(Entry.put(common, 3, ""), Entry.put(common + "b", 1, "")));
    var right =
        new EntryListIterator(List.of(Entry.put(common, 2, ""), Entry.put(common + "a", 9, "")));
    var merged = new MergingIterator(List.of(left, right), common.length());
    merged.seekToFirst();
    assertAt(Entry.put(common, 3, ""), merged, "the newer version");
    merged.next();
    assertAt(Entry.put(common, 2, ""), merged, "the older version");
    merged.next();
    assertAt(Entry.put(common + "a", 9, ""), merged, "the next key");
    merged.next();
    assertAt(Entry.put(common + "b", 1, ""), merged, "the last key");
    merged.next();
    assertFalse(merged.isValid());
  }

  @Test
  void movesOneChildOverManyEntriesAtOnce() {
    var merged =
        new MergingIterator(
            List.of(
                new EntryListIterator(List.of(Entry.put("b", 9, "b9"), Entry.put("d", 8, "d8"))),
                new EntryListIterator(
                    List.of(
                        Entry.put("a", 1, "a1"),
                        Entry.put("b", 1, "b1"),
                        Entry.put("c", 1, "c1"),
                        Entry.put("e", 1, "e1")))));
    merged.seekToFirst();
    merged.seekChild(utf8("d"), 0, 1);
    assertAt(Entry.put("b", 9, "b9"), merged, "the other child has not moved");
    merged.next();
    assertAt(Entry.put("d", 8, "d8"), merged, "b1 and c1 were skipped");
    merged.next();
    assertAt(Entry.put("e", 1, "e1"), merged, "the child goes on behind the gap");
    merged.prev();
    assertAt(Entry.put("d", 8, "d8"), merged, "backward");
    merged.prev();
    assertAt(Entry.put("c", 1, "c1"), merged, "nothing is lost when direction turns");
    merged.seekChildBefore(utf8("b"), 0, 1);
    assertAt(Entry.put("b", 9, "b9"), merged, "the other child has not moved");
    merged.prev();
    assertAt(Entry.put("a", 1, "a1"), merged, "b1 was skipped");
  }

  @Test
  void worksAgainAfterAMissInAnyMove() {
    var isMissing = new AtomicBoolean();
    var merged =
        new MergingIterator(
            List.of(
                new EntryListIterator(List.of(Entry.put("b", 9, "b9"))),
                new EntryListIterator(
                    List.of(Entry.put("a", 2, "a2"), Entry.put("c", 1, "c1")), isMissing::get)));
    isMissing.set(true);
    assertThrows(NeedsBlocks.class, merged::seekToFirst);
    isMissing.set(false);
    merged.seekToFirst();
    assertAt(Entry.put("a", 2, "a2"), merged, "after a missed seek");
    isMissing.set(true);
    assertThrows(NeedsBlocks.class, merged::next);
    isMissing.set(false);
    merged.seek(utf8("b"), 0, 1);
    assertAt(Entry.put("b", 9, "b9"), merged, "after a missed next");
    isMissing.set(true);
    assertThrows(NeedsBlocks.class, merged::prev);
    isMissing.set(false);
    merged.seekToLast();
    assertAt(Entry.put("c", 1, "c1"), merged, "after a missed turn");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
