package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.db.CommitCondition;
import io.atlaskv.engine.internal.db.View;
import java.util.Collection;

/// The condition that no namespace a batch writes to has been dropped, beside another one. A drop
/// marks its namespace before it commits: so what is not refused comes before it, and is covered.
record NotDropped(Collection<EmbeddedNamespace> namespaces, CommitCondition other)
    implements CommitCondition {

  @Override
  public boolean holds(View view) {
    for (EmbeddedNamespace namespace : namespaces) {
      namespace.requireNotDropped();
    }
    return other.holds(view);
  }
}
