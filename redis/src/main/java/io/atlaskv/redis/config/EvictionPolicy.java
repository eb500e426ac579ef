package io.atlaskv.redis.config;

/// How keys are chosen that go when there are too many: Redis' eight ways.
///
/// Source: https://redis.io/docs/latest/develop/reference/eviction/
public enum EvictionPolicy {
  VOLATILE_LRU(true, Order.RECENCY),
  VOLATILE_LFU(true, Order.FREQUENCY),
  VOLATILE_RANDOM(true, Order.NONE),
  VOLATILE_TTL(true, Order.EXPIRY),
  ALLKEYS_LRU(false, Order.RECENCY),
  ALLKEYS_LFU(false, Order.FREQUENCY),
  ALLKEYS_RANDOM(false, Order.NONE),
  NOEVICTION(false, Order.NONE);

  /// What makes one key a better victim than another.
  public enum Order {
    NONE,
    /// It was not used for longer.
    RECENCY,
    /// It is used less often.
    FREQUENCY,
    /// It expires earlier.
    EXPIRY
  }

  private final boolean isVolatile;
  private final Order order;

  EvictionPolicy(boolean isVolatile, Order order) {
    this.isVolatile = isVolatile;
    this.order = order;
  }

  /// True if only keys that expire may go.
  public boolean isVolatile() {
    return isVolatile;
  }

  public Order order() {
    return order;
  }
}
