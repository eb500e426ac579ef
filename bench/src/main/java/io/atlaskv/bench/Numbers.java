package io.atlaskv.bench;

import java.util.ArrayList;
import java.util.List;

/// Numbers that a benchmark takes as its arguments, one after the other; those that are left out
/// have their defaults. Also reads single ones, for benchmarks with flags.
public final class Numbers {
  private record Place(String name, int fallback, int min) {}

  private final String program;
  private final List<Place> places;

  private Numbers(String program, List<Place> places) {
    this.program = program;
    this.places = places;
  }

  /// The arguments of a program that takes none so far.
  public static Numbers of(String program) {
    return new Numbers(program, List.of());
  }

  /// One more argument.
  public Numbers with(String name, int fallback, int min) {
    var more = new ArrayList<>(places);
    more.add(new Place(name, fallback, min));
    return new Numbers(program, more);
  }

  String usage() {
    var text = new StringBuilder("usage: ").append(program);
    for (Place place : places) {
      text.append(" [").append(place.name);
    }
    text.repeat(']', places.size());
    for (Place place : places) {
      text.append("\n  ").append(place.name);
      text.append("  at least ").append(place.min);
      text.append(" (default: ").append(place.fallback).append(')');
    }
    return text.toString();
  }

  /// The numbers, all of them.
  ///
  /// @throws IllegalArgumentException naming the argument, its value and what may be given
  public List<Integer> parse(String... arguments) {
    if (arguments.length > places.size()) {
      throw new IllegalArgumentException(
          "too many arguments: '" + arguments[places.size()] + "'\n" + usage());
    }
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      numbers.add(
          i < arguments.length
              ? number(place.name, arguments[i], place.min, usage())
              : place.fallback);
    }
    return numbers;
  }

  /// As `parse`, for a `main`: a mistake is printed, and ends the program with 2.
  public List<Integer> parseOrExit(String... arguments) {
    return Arguments.orExit(() -> parse(arguments));
  }

  /// One number.
  ///
  /// @param name that the argument or flag has for people
  /// @throws IllegalArgumentException with all of this
  public static int number(String name, String text, int min, String usage) {
    return Math.toIntExact(read(name, text, min, Integer.MAX_VALUE, usage));
  }

  /// One number that may be larger than an int.
  public static long longNumber(String name, String text, long min, String usage) {
    return read(name, text, min, Long.MAX_VALUE, usage);
  }

  private static long read(String name, String text, long min, long max, String usage) {
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new IllegalArgumentException(
        name
            + " '"
            + text
            + "': must be a number from "
            + min
            + " to "
            + max
            + (usage.isEmpty() ? "" : "\n" + usage));
  }
}
