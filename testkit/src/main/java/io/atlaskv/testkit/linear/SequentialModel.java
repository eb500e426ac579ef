package io.atlaskv.testkit.linear;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a thing answers if it is asked one operation after the other.
///
/// @param <S> its state: immutable, compared by value
/// @param <O> operations
/// @param <A> answers
public interface SequentialModel<S, O, A> {
  /// The state before the first operation.
  S initial();

  /// The state after an operation that was answered so, or null if that cannot be the answer; with
  /// `answer` null any answer will do.
  @Nullable S next(S state, O operation, @Nullable A answer);

  /// Names of the parts of the state that an operation touches. Operations that are not connected
  /// by common parts, over others or at once, are checked apart.
  Set<String> parts(O operation);
}
