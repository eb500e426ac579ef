package io.atlaskv.testkit.linear;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Searches for an order of a history's calls that a sequential model agrees with and that keeps
/// every call before those that began after its answer (Wing and Gong, with Lowe's memory of what
/// was tried: the set of calls done and the state they lead to).
///
/// Takes exponential time in the number of calls that overlap, at worst; in practice histories of
/// some hundred calls by ten clients take milliseconds.
public final class LinearizabilityChecker<S, O, A> {
  /// Calls that no order explains.
  ///
  /// @param calls the smallest connected part of the history that cannot be explained, by time
  /// @param explained most calls that an order could explain
  public record Violation<O, A>(List<Call<O, A>> calls, int explained) {
    public Violation {
      calls = List.copyOf(calls);
    }

    @Override
    public String toString() {
      var text = new StringBuilder("no order explains more than " + explained + " of");
      calls.forEach(call -> text.append('\n').append(call));
      return text.toString();
    }
  }

  private record Tried<S>(BitSet done, S state) {}

  private final SequentialModel<S, O, A> model;

  public LinearizabilityChecker(SequentialModel<S, O, A> model) {
    this.model = model;
  }

  /// The first part of the history that cannot be explained; empty = all of it can.
  public Optional<Violation<O, A>> check(List<Call<O, A>> history) {
    for (List<Call<O, A>> part : parts(history)) {
      int explained = new Search(part).run();
      if (explained < part.size()) {
        return Optional.of(new Violation<>(part, explained));
      }
    }
    return Optional.empty();
  }

  /// Splits a history where no operation touches parts of the state on both sides.
  private List<List<Call<O, A>>> parts(List<Call<O, A>> history) {
    var roots = new HashMap<String, String>();
    for (Call<O, A> call : history) {
      String first = null;
      for (String part : model.parts(call.operation())) {
        roots.putIfAbsent(part, part);
        if (first == null) {
          first = part;
        }
        roots.put(root(roots, part), root(roots, first));
      }
    }
    var calls = new HashMap<String, List<Call<O, A>>>();
    for (Call<O, A> call : history) {
      String any = model.parts(call.operation()).iterator().next();
      calls.computeIfAbsent(root(roots, any), _ -> new ArrayList<>()).add(call);
    }
    return List.copyOf(calls.values());
  }

  private static String root(Map<String, String> roots, String part) {
    String at = part;
    while (!roots.getOrDefault(at, at).equals(at)) {
      at = roots.getOrDefault(at, at);
    }
    return at;
  }

  /// A call or an answer, in a list that calls are taken out of when they are tried, and put back.
  private static final class Event<O, A> {
    final Call<O, A> call;
    final int number; // of the call
    @Nullable Event<O, A> answer; // null: this is one
    @Nullable Event<O, A> before;
    @Nullable Event<O, A> after;

    Event(Call<O, A> call, int number) {
      this.call = call;
      this.number = number;
    }

    long at() {
      return answer == null ? call.answeredAt() : call.calledAt();
    }

    void take() {
      if (before != null) {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      }
    }

    void putBack() {
      if (before != null) {
        before.after = this;
      }
      if (after != null) {
        after.before = this;
      }
    }
  }

  /// A step of the order so far.
  private record Chosen<S, O, A>(Event<O, A> call, S stateBefore) {}

  private final class Search {
    private final Event<O, A> head;
    private final int answered;
    private final Set<Tried<S>> tried = new HashSet<>();
    private final ArrayList<Chosen<S, O, A>> order = new ArrayList<>();
    private final BitSet done = new BitSet();
    private final int calls;

    Search(List<Call<O, A>> history) {
      calls = history.size();
      head = new Event<>(history.getFirst(), -1);
      var events = new ArrayList<Event<O, A>>();
      int answers = 0;
      for (int i = 0; i < calls; i++) {
        var call = new Event<O, A>(history.get(i), i);
        var answer = new Event<O, A>(history.get(i), i);
        call.answer = answer;
        events.add(call);
        events.add(answer);
        answers += history.get(i).answer() == null ? 0 : 1;
      }
      answered = answers;
      // what was answered when another call began came before it
      events.sort(
          Comparator.<Event<O, A>>comparingLong(Event::at)
              .thenComparing(event -> event.answer != null));
      Event<O, A> last = head;
      for (Event<O, A> event : events) {
        last.after = event;
        event.before = last;
        last = event;
      }
    }

    /// Number of calls if an order explains all, else the most that one could.
    int run() {
      S state = model.initial();
      int explained = 0;
      int most = 0;
      Event<O, A> at = head.after;
      while (explained < answered) {
        if (at != null && at.answer != null) {
          S next = model.next(state, at.call.operation(), at.call.answer());
          if (next != null && isNew(at.number, next)) {
            order.add(new Chosen<>(at, state));
            state = next;
            explained += at.call.answer() == null ? 0 : 1;
            most = Math.max(most, order.size());
            at.take();
            at.answer.take();
            at = head.after;
          } else {
            done.clear(at.number);
            at = at.after;
          }
          continue;
        }
        // an answer whose call is not in the order yet, or the end: the last choice was wrong
        if (order.isEmpty()) {
          return Math.min(most, calls - 1);
        }
        Chosen<S, O, A> wrong = order.removeLast();
        state = wrong.stateBefore();
        explained -= wrong.call().call.answer() == null ? 0 : 1;
        done.clear(wrong.call().number);
        if (wrong.call().answer != null) {
          wrong.call().answer.putBack();
        }
        wrong.call().putBack();
        at = wrong.call().after;
      }
      return calls;
    }

    private boolean isNew(int call, S next) {
      done.set(call);
      return tried.add(new Tried<>((BitSet) done.clone(), next));
    }
  }
}
