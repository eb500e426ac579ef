package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.List;

/// One range of keys of a merge, with a cursor and tables of its own. Parts of one merge share
/// nothing that changes, so each may be stepped by another thread.
public final class MergePart implements Task {
  private final InternalIterator input;
  private final OutputTables outputs;
  private final TableMerge merge;

  MergePart(InternalIterator input, OutputTables outputs, TableMerge merge) {
    this.input = input;
    this.outputs = outputs;
    this.merge = merge;
  }

  /// Does one piece of the work; false when all is written and synced.
  @Override
  public boolean step() {
    return merge.step();
  }

  /// Bytes read and written by the steps so far.
  public long doneBytes() {
    return merge.bytesRead() + outputs.bytes();
  }

  long writtenBytes() {
    return outputs.bytes();
  }

  List<TableMeta> finished() {
    return outputs.finished();
  }

  /// Lets the inputs go.
  void close() {
    input.close();
  }

  void discard() {
    outputs.discard();
  }
}
