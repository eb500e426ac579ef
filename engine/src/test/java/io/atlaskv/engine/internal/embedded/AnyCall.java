package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.ConflictException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.LockTimeoutException;
import io.atlaskv.engine.api.QuotaExceededException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.engine.api.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One call after the other, of any public method on anything that the store has handed out, and
/// what may come of it.
final class AnyCall {
  private static final int TAKEN_MAX = 20;

  /// Take milliseconds or more: called more seldom.
  private static final Set<String> SLOW =
      Set.of(
          "compact", "flush", "verify", "checkpoint", "backup", "sync", "dropNamespace", "catchUp");

  /// Would end most of what there is to find.
  private static final Set<String> SELDOM =
      Set.of("clear", "close", "removeIf", "deleteRange", "commit", "rollback");

  /// Answer from the object itself and read nothing of the store.
  private static final Set<String> PURE =
      Set.of(
          "name",
          "sequence",
          "reverse",
          "limit",
          "range",
          "of",
          "close",
          "nextSequence",
          "comparator",
          "equals");

  /// What an IllegalStateException may say: those of closed memory are not among them.
  private static final List<String> MISUSES =
      List.of(
          "has been dropped",
          "is not on an entry",
          "by one thread at a time",
          "the load is committed");

  private static final List<List<Method>> METHODS =
      HandedOut.KINDS.stream().map(AnyCall::methodsOf).toList();

  private final FuzzedStore.State state;
  private final HandedOut objects;
  private final Random random;
  private final AnyArguments arguments;
  private final Collection<CompletableFuture<?>> futures;

  /// @param futures gets those that calls return
  AnyCall(
      FuzzedStore.State state,
      HandedOut objects,
      Random random,
      Collection<CompletableFuture<?>> futures) {
    this.state = state;
    this.objects = objects;
    this.random = random;
    this.arguments = new AnyArguments(objects, random);
    this.futures = futures;
  }

  private static List<Method> methodsOf(Class<?> kind) {
    return Stream.of(kind.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
        .filter(method -> !endsStore(kind) || !method.getName().equals("close"))
        .sorted(Comparator.comparing(Method::toString)) // the same in each JVM
        .toList();
  }

  private static boolean endsStore(Class<?> kind) {
    return kind == Db.class || kind == Secondary.class;
  }

  private Method anyMethod(int kind) {
    List<Method> methods = METHODS.get(kind);
    while (true) {
      Method method = methods.get(random.nextInt(methods.size()));
      String name = method.getName();
      int chance = SLOW.contains(name) ? 40 : SELDOM.contains(name) ? 8 : 1;
      if (random.nextInt(chance) == 0) {
        return method;
      }
    }
  }

  /// Makes one call; true if it was refused as closed.
  ///
  /// @param wasClosed whether the store was closed before
  boolean call(boolean wasClosed) {
    int kind = objects.anyKind(random);
    Object object = objects.any(kind, random);
    Method method = anyMethod(kind);
    Object[] values = arguments.of(method);
    try {
      Object answer = method.invoke(object, values);
      if (!wasClosed) {
        use(answer);
        return false;
      }
      if (PURE.contains(method.getName())) {
        return false;
      }
      requireUseless(method, answer);
      return true;
    } catch (InvocationTargetException e) {
      return isClosed(method, e.getCause(), wasClosed);
    } catch (IllegalAccessException e) {
      throw new AssertionError(method + " is not public", e);
    } catch (RuntimeException e) { // of what was returned
      return isClosed(method, e, wasClosed);
    }
  }

  /// What a closed store answers may only be what throws, or has failed, as the call would have.
  private void requireUseless(Method method, @Nullable Object answer) {
    switch (answer) {
      case CompletableFuture<?> future -> requireFailed(method, future);
      case Iterator<?> lazy -> requireRefused(method, lazy::hasNext);
      case BaseStream<?, ?> lazy -> requireRefused(method, () -> lazy.iterator().hasNext());
      case Spliterator<?> lazy -> requireRefused(method, () -> lazy.tryAdvance(_ -> {}));
      case Iterable<?> view -> requireRefused(method, () -> view.iterator().hasNext());
      case Map<?, ?> view -> {
        requireRefused(method, view::isEmpty);
        objects.add(view);
      }
      case null, default ->
          throw new AssertionError(method + " answered " + answer + " after the close");
    }
  }

  private static void requireFailed(Method method, CompletableFuture<?> future) {
    if (!future.isCompletedExceptionally() || !(future.exceptionNow() instanceof ClosedException)) {
      throw new AssertionError(method + " answered " + future + " after the close");
    }
  }

  private static void requireRefused(Method method, BooleanSupplier use) {
    boolean answer;
    try {
      answer = use.getAsBoolean();
    } catch (ClosedException _) {
      return;
    }
    throw new AssertionError("what " + method + " answered says " + answer + " after the close");
  }

  private void use(Object answer) {
    if (answer instanceof CompletableFuture<?> future) {
      futures.add(future);
    } else if (answer instanceof Optional<?> optional) {
      optional.ifPresent(this::use);
    } else if (HandedOut.hasKind(answer)) {
      objects.add(answer);
    } else if (answer instanceof BaseStream<?, ?> stream) {
      take(stream.iterator());
      if (random.nextBoolean()) { // else it is lost
        stream.close();
      }
    } else if (answer instanceof Iterator<?> iterator) {
      take(iterator);
    } else if (answer instanceof Collection<?> collection) {
      take(collection.iterator());
    }
  }

  private static void take(Iterator<?> iterator) {
    for (int taken = 0; taken < TAKEN_MAX && iterator.hasNext(); taken++) {
      iterator.next();
    }
  }

  /// Whether it is a refusal of what is closed; throws what no caller should see.
  private boolean isClosed(Method method, Throwable failure, boolean wasClosed) {
    if (failure instanceof ClosedException) {
      return true;
    }
    if (!isRefusalOfArguments(failure) && (wasClosed || !isAnswerOfAnOpenStore(failure))) {
      throw new AssertionError(
          method + (wasClosed ? " threw after the close " : " threw ") + failure, failure);
    }
    return false;
  }

  /// Of what is wrong whatever the store is at, and may be looked at first.
  private static boolean isRefusalOfArguments(Throwable failure) {
    return failure instanceof IllegalArgumentException
        || failure instanceof UnsupportedOperationException;
  }

  /// What a bulk load says from the first failure of its files on.
  private static boolean isOfFailedLoad(Throwable failure) {
    return failure instanceof IllegalStateException
        && failure.getCause() instanceof StorageException
        && String.valueOf(failure.getMessage()).startsWith("the load has failed");
  }

  private boolean isAnswerOfAnOpenStore(Throwable failure) {
    return failure instanceof NoSuchElementException
        || failure instanceof HistoryGoneException
        || failure instanceof ConflictException
        || failure instanceof LockTimeoutException
        || failure instanceof QuotaExceededException
        || (failure instanceof ReadOnlyException && !state.takesWrites())
        || ((failure instanceof StorageException || isOfFailedLoad(failure)) && state.hasFaults())
        || (failure instanceof IllegalStateException
            && MISUSES.stream().anyMatch(String.valueOf(failure.getMessage())::contains));
  }
}
