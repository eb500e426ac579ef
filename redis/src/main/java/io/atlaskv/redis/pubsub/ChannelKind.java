package io.atlaskv.redis.pubsub;

/// What a client can listen to.
public enum ChannelKind {
  /// A channel by its name.
  CHANNEL(0, "", "message", 3),
  /// All channels whose names match a pattern.
  PATTERN(1, "p", "pmessage", 4),
  /// A channel that belongs to a hash slot.
  SHARD(2, "s", "smessage", 3),
  /// The commands of all clients; there is one name, the empty one.
  MONITOR(3, "", "", 0);

  static final int COUNT = values().length;

  final int index;
  private final String subscribeWord;
  private final String unsubscribeWord;
  private final String messageHead;

  ChannelKind(int index, String prefix, String messageWord, int messageElements) {
    this.index = index;
    subscribeWord = prefix + "subscribe";
    unsubscribeWord = prefix + "unsubscribe";
    messageHead = messageHead(messageWord, messageElements);
  }

  private static String messageHead(String word, int elements) {
    return ">" + elements + "\r\n$" + word.length() + "\r\n" + word + "\r\n";
  }

  /// First word of the reply to a subscription.
  public String subscribeWord() {
    return subscribeWord;
  }

  /// First word of the reply to its end.
  public String unsubscribeWord() {
    return unsubscribeWord;
  }

  /// How a message begins: the number of its elements, and the first of them.
  String messageHead() {
    return messageHead;
  }
}
