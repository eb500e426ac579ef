package io.atlaskv.redis.pubsub;

import io.atlaskv.engine.api.Bytes;
import java.nio.charset.StandardCharsets;

/// Which key events are published (`notify-keyspace-events`), and how.
public final class KeyEvents {
  private static final int KEYSPACE = 1 << 30; // event in the channel of the key
  private static final int KEYEVENT = 1 << 29; // key in the channel of the event
  private static final int CLASSES = (1 << KeyEventClass.values().length) - 1;
  private static final int ALL = CLASSES & ~(KeyEventClass.NEW.bit | KeyEventClass.MISS.bit);

  private final PubSub pubSub;
  private volatile int active; // what is selected, or 0 if nothing would be published

  public KeyEvents(PubSub pubSub) {
    this.pubSub = pubSub;
  }

  /// True if events of this class are wanted. One volatile read.
  public boolean isWanted(KeyEventClass type) {
    return (active & type.bit) != 0;
  }

  /// What is to be published, as `read` returns it.
  public void select(int selected) {
    active = (selected & (KEYSPACE | KEYEVENT)) == 0 ? 0 : selected;
  }

  /// Reads Redis' letters: `K`, `E`, those of the classes, `A` for most of these.
  ///
  /// @throws IllegalArgumentException if there is another letter
  public static int read(String letters) {
    int selected = 0;
    for (int i = 0; i < letters.length(); i++) {
      selected |= bitsOf(letters.charAt(i));
    }
    return selected;
  }

  private static int bitsOf(char letter) {
    return switch (letter) {
      case 'A' -> ALL;
      case 'K' -> KEYSPACE;
      case 'E' -> KEYEVENT;
      default -> KeyEventClass.of(letter).bit;
    };
  }

  /// The letters, in Redis' order: `read` gives the same again. Redis 7.2 leaves out an `n` beside
  /// `A`, and forgets it so with CONFIG REWRITE.
  public static String letters(int selected) {
    boolean isAll = (selected & ALL) == ALL;
    var text = new StringBuilder(isAll ? "A" : "");
    for (KeyEventClass type : KeyEventClass.values()) {
      boolean isSaid = isAll && (ALL & type.bit) != 0;
      if ((selected & type.bit) != 0 && type != KeyEventClass.MISS && !isSaid) {
        text.append(type.letter);
      }
    }
    if ((selected & KEYSPACE) != 0) {
      text.append('K');
    }
    if ((selected & KEYEVENT) != 0) {
      text.append('E');
    }
    if ((selected & KeyEventClass.MISS.bit) != 0) {
      text.append('m');
    }
    return text.toString();
  }

  /// Publishes an event of a key, as far as wanted.
  ///
  /// @param gate sequence of the write that it tells of
  public void publish(String event, Bytes key, int database, long gate) {
    int selected = active;
    if (selected == 0 || pubSub.isSilent()) {
      return;
    }
    Bytes name = Bytes.ofUtf8(event);
    if ((selected & KEYSPACE) != 0) {
      pubSub.publish(ChannelKind.CHANNEL, channel("keyspace", database, key), name, gate);
    }
    if ((selected & KEYEVENT) != 0) {
      pubSub.publish(ChannelKind.CHANNEL, channel("keyevent", database, name), key, gate);
    }
  }

  private static Bytes channel(String prefix, int database, Bytes name) {
    byte[] head = ("__" + prefix + "@" + database + "__:").getBytes(StandardCharsets.US_ASCII);
    byte[] channel = new byte[head.length + name.length()];
    System.arraycopy(head, 0, channel, 0, head.length);
    name.copyTo(channel, head.length);
    return Bytes.of(channel);
  }
}
