package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;

/// Visits the key nodes of a log up to a mark, in the order in which they were written: memory is
/// read from one end to the other, which is several times as fast as following a hash table.
final class KeyNodeWalk {
  private final EntryLog log;
  private final EntryLog.Mark mark;
  private int chunk;
  private long offset = EntryLog.FIRST;

  KeyNodeWalk(EntryLog log, EntryLog.Mark mark) {
    this.log = log;
    this.mark = mark;
    skipToRecord();
  }

  /// False when there are no more records.
  boolean hasNext() {
    return chunk < mark.chunkCount();
  }

  /// Goes over one record: its reference if it is a key node, otherwise 0.
  int next() {
    int reference = EntryLog.reference(chunk, offset);
    MemorySegment memory = log.memory(reference);
    boolean isNode = EntryDescriptor.isNode(memory, offset);
    if (isNode) {
      offset += EntryDescriptor.nodeBytes(EntryDescriptor.keyLength(memory, offset));
    } else {
      long link = EntryDescriptor.link(memory, offset);
      offset += EntryDescriptor.versionBytes(EntryDescriptor.valueLength(link));
    }
    skipToRecord();
    return isNode ? reference : 0;
  }

  private void skipToRecord() {
    while (hasNext() && offset == log.end(chunk, mark)) {
      chunk++;
      offset = 0;
    }
  }
}
