package io.atlaskv.redis.pubsub;

/// What a client can listen to.
public enum ChannelKind {
  /// A channel by its name.
  CHANNEL(0, "", "message"),
  /// All channels whose names match a pattern.
  PATTERN(1, "p", "pmessage"),
  /// A channel that belongs to a hash slot.
  SHARD(2, "s", "smessage"),
  /// The commands of all clients; there is one name, the empty one.
  MONITOR(3, "", "");

  static final int COUNT = values().length;

  final int index;
  private final String subscribeWord;
  private final String unsubscribeWord;
  private final String messageWord;

  ChannelKind(int index, String prefix, String messageWord) {
    this.index = index;
    subscribeWord = prefix + "subscribe";
    unsubscribeWord = prefix + "unsubscribe";
    this.messageWord = messageWord;
  }

  /// First word of the reply to a subscription.
  public String subscribeWord() {
    return subscribeWord;
  }

  /// First word of the reply to its end.
  public String unsubscribeWord() {
    return unsubscribeWord;
  }

  /// First word of a message.
  String messageWord() {
    return messageWord;
  }
}
