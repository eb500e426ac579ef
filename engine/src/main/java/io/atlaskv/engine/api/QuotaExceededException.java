package io.atlaskv.engine.api;

/// A write would have made a namespace larger than its quota. It has had no effect.
public final class QuotaExceededException extends AtlasException {
  private static final long serialVersionUID = 1L;

  private final String namespace;
  private final String unit;
  private final long limit;
  private final long used;
  private final long wanted;

  /// @param namespace its name
  /// @param unit `bytes` or `entries`
  /// @param limit the quota
  /// @param used what there is
  /// @param wanted what there would have been
  public QuotaExceededException(String namespace, String unit, long limit, long used, long wanted) {
    super(
        "namespace '"
            + namespace
            + "' may have "
            + limit
            + " "
            + unit
            + ", has "
            + used
            + ", and would have "
            + wanted,
        null);
    this.namespace = namespace;
    this.unit = unit;
    this.limit = limit;
    this.used = used;
    this.wanted = wanted;
  }

  /// Name of the namespace.
  public String namespace() {
    return namespace;
  }

  /// What is limited: `bytes` or `entries`.
  public String unit() {
    return unit;
  }

  /// The quota.
  public long limit() {
    return limit;
  }

  /// What there is.
  public long used() {
    return used;
  }

  /// What there would have been.
  public long wanted() {
    return wanted;
  }
}
