package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.QuotaExceededException;
import io.atlaskv.engine.internal.db.CommitCondition;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The condition that no namespace gets larger than its quota, and that each still has one, beside
/// another one. Who takes a quota away marks its namespace before the last deletion of its rows: so
/// what is not refused comes before that, and leaves none.
final class WithinQuotas implements CommitCondition {
  private final Engine engine;
  private final List<QuotaCharge> charges;
  private final CommitCondition other;
  private @Nullable QuotaExceededException refusal;
  private @Nullable EmbeddedNamespace full;
  private @Nullable EmbeddedNamespace uncounted;

  WithinQuotas(Engine engine, List<QuotaCharge> charges, CommitCondition other) {
    this.engine = engine;
    this.charges = charges;
    this.other = other;
  }

  @Override
  public boolean holds(View view) {
    refusal = null;
    full = null;
    if (!other.holds(view)) {
      return false;
    }
    for (QuotaCharge charge : charges) {
      if (!charge.namespace().hasQuota()) {
        uncounted = charge.namespace();
        return false;
      }
      refusal = charge.refusal(engine);
      if (refusal != null) {
        full = charge.namespace();
        return false;
      }
    }
    return true;
  }

  /// The namespace whose quota was the reason; null if none was.
  @Nullable EmbeddedNamespace full() {
    return full;
  }

  /// The namespace that has no quota any more, so that nothing must be counted; null if all have.
  @Nullable EmbeddedNamespace uncounted() {
    return uncounted;
  }

  /// Throws if a quota was the reason.
  void requireFits() {
    if (refusal != null) {
      throw refusal;
    }
  }
}
