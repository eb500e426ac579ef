package io.atlaskv.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/// The bytes of one request, with places for digits that are drawn anew each time it is sent.
///
/// A text has words separated by blanks; ` ; ` separates the commands of a request with more than
/// one, such as a transaction. Places inside words:
///
/// - `{key}`: 12 digits, random below the number of keys
/// - `{next}`: 12 digits, counted up from 0
/// - `{100-799}`: random in this range; both ends have the same number of digits
/// - `{value}`: as many bytes as values have
final class RequestTemplate {
  private static final int KEY_DIGITS = 12;
  private static final Pattern PLACE = Pattern.compile("\\{(key|next|value|(\\d+)-(\\d+))}");

  /// Digits to fill in. @param below 0 for the counted ones
  private record Place(int offset, int digits, int least, int below) {}

  private final byte[] bytes;
  private final Place[] places;
  private final int commands;
  private long next;

  private RequestTemplate(byte[] bytes, List<Place> places, int commands) {
    this.bytes = bytes;
    this.places = places.toArray(Place[]::new);
    this.commands = commands;
  }

  static RequestTemplate parse(String text, int keys, int valueBytes) {
    var bytes = new ByteArrayOutputStream();
    var places = new ArrayList<Place>();
    var commands = text.strip().split("\\s*;\\s*", -1);
    for (var command : commands) {
      var words = command.split(" +", -1);
      append(bytes, "*" + words.length + "\r\n");
      for (var word : words) {
        var found = new ArrayList<Place>();
        var filled = fill(word, keys, valueBytes, found);
        append(bytes, "$" + filled.length() + "\r\n");
        for (var place : found) {
          places.add(
              new Place(bytes.size() + place.offset, place.digits, place.least, place.below));
        }
        append(bytes, filled + "\r\n");
      }
    }
    return new RequestTemplate(bytes.toByteArray(), places, commands.length);
  }

  private static void append(ByteArrayOutputStream bytes, String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String fill(String word, int keys, int valueBytes, List<Place> places) {
    var filled = new StringBuilder();
    var matcher = PLACE.matcher(word);
    int end = 0;
    while (matcher.find()) {
      filled.append(word, end, matcher.start());
      end = matcher.end();
      switch (matcher.group(1)) {
        case "key" -> {
          places.add(new Place(filled.length(), KEY_DIGITS, 0, keys));
          filled.repeat('0', KEY_DIGITS);
        }
        case "next" -> {
          places.add(new Place(filled.length(), KEY_DIGITS, 0, 0));
          filled.repeat('0', KEY_DIGITS);
        }
        case "value" -> filled.repeat('x', valueBytes);
        default -> {
          int digits = matcher.group(2).length();
          if (digits != matcher.group(3).length()) {
            throw new IllegalArgumentException(word + ": both ends need as many digits");
          }
          int least = Integer.parseInt(matcher.group(2));
          int below = Integer.parseInt(matcher.group(3)) + 1;
          places.add(new Place(filled.length(), digits, least, below));
          filled.repeat('0', digits);
        }
      }
    }
    return filled.append(word.substring(end)).toString();
  }

  /// Replies to one request.
  int replies() {
    return commands;
  }

  /// A buffer with so many requests, ready for [#draw].
  ByteBuffer buffer(int requests) {
    var buffer = ByteBuffer.allocateDirect(Math.multiplyExact(bytes.length, requests));
    for (int i = 0; i < requests; i++) {
      buffer.put(bytes);
    }
    return buffer.flip();
  }

  /// Fills in all places of a buffer made by [#buffer].
  void draw(ByteBuffer buffer, SplittableRandom random) {
    for (int start = 0; start < buffer.capacity(); start += bytes.length) {
      for (var place : places) {
        long number = place.below == 0 ? next++ : random.nextInt(place.least, place.below);
        for (int i = start + place.offset + place.digits - 1; i >= start + place.offset; i--) {
          buffer.put(i, (byte) ('0' + number % 10));
          number /= 10;
        }
      }
    }
  }
}
