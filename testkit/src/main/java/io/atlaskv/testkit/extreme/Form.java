package io.atlaskv.testkit.extreme;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One way to write a command: words as they are, and slots for values.
record Form(List<Word> words) {
  Form {
    words = List.copyOf(words);
  }

  /// One word.
  ///
  /// @param text the word, or what a slot holds unless something extreme is put there
  record Word(String text, boolean isSlot) {}

  static Form literal(String word) {
    return new Form(List.of(new Word(word, false)));
  }

  static Form slot(String usual) {
    return new Form(List.of(new Word(usual, true)));
  }

  Form then(Form next) {
    return new Form(Stream.concat(words.stream(), next.words.stream()).toList());
  }

  /// Places of the slots.
  List<Integer> slots() {
    var slots = new ArrayList<Integer>();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).isSlot) {
        slots.add(i);
      }
    }
    return slots;
  }

  /// The command with usual values.
  List<String> usual() {
    return words.stream().map(Word::text).toList();
  }

  List<String> with(int slot, String value) {
    var filled = new ArrayList<>(usual());
    filled.set(slot, value);
    return filled;
  }

  List<String> withAll(String value) {
    return words.stream().map(word -> word.isSlot ? value : word.text).toList();
  }
}
