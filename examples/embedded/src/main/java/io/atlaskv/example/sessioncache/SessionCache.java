package io.atlaskv.example.sessioncache;

import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Sessions that end when nobody has used them for a while.
///
/// | namespace | key | value | expires |
/// | --- | --- | --- | --- |
/// | `sessions` | token | user, data | yes |
/// | `sessions-of-users` | user, token | – | at the same moment |
///
/// Nothing has to be swept: what is over is not there any more, and merges drop it. A user may have
/// so many sessions; one more ends the one that was not used for the longest time. All together may
/// take so many bytes; what is over does not count. May be used by any number of threads.
public final class SessionCache {
  private static final byte[] NOTHING = {};

  private final Db db;
  private final KeyValueStore sessions;
  private final KeyValueStore ofUsers;
  private final Duration lifetime;
  private final int sessionsMax;
  private final Supplier<UUID> tokens;

  /// @param lifetime of a session since it was last used
  /// @param sessionsMax of one user, at least 1
  /// @param bytesMax of all sessions, with their tokens
  public SessionCache(Db db, Duration lifetime, int sessionsMax, long bytesMax) {
    this(db, lifetime, sessionsMax, bytesMax, UUID::randomUUID);
  }

  /// As above.
  ///
  /// @param tokens makes those of new sessions, which nobody else may guess
  public SessionCache(
      Db db, Duration lifetime, int sessionsMax, long bytesMax, Supplier<UUID> tokens) {
    this.db = db;
    this.tokens = tokens;
    this.lifetime = lifetime;
    this.sessionsMax = sessionsMax;
    sessions = db.namespace("sessions", NamespaceOptions.DEFAULT.withQuotaBytes(bytesMax));
    ofUsers = db.namespace("sessions-of-users");
  }

  /// Begins a session. Two that begin at once are counted one after the other, so there are never
  /// too many.
  ///
  /// @throws io.atlaskv.engine.api.QuotaExceededException if there is no room; then nothing changed
  public Session begin(String user, String data) {
    var session = new Session(tokens.get(), user, data);
    db.transact(tx -> {
      List<SessionOfUser> others = all(tx.of(ofUsers), user);
      if (others.size() >= sessionsMax) {
        others.stream()
            .min(Comparator.comparing(other -> endOf(tx, other)))
            .ifPresent(oldest -> delete(tx, oldest));
      }
      write(tx, session);
    });
    return session;
  }

  /// The session of a token, which lives on from now; empty if it is over or never was.
  public Optional<Session> use(UUID token) {
    return Optional.ofNullable(
        db.transactResult(tx -> {
          byte[] value = tx.of(sessions).get(Session.key(token));
          if (value == null) {
            return null;
          }
          Session session = Session.of(token, value);
          write(tx, session);
          return session;
        }));
  }

  /// Ends a session; one that is over is no error.
  public void end(UUID token) {
    db.transact(tx -> {
      byte[] value = tx.of(sessions).get(Session.key(token));
      if (value != null) {
        delete(tx, new SessionOfUser(Session.of(token, value).user(), token));
      }
    });
  }

  /// Tokens of a user's sessions.
  public List<UUID> tokens(String user) {
    return all(ofUsers, user).stream().map(SessionOfUser::token).toList();
  }

  /// Ends all sessions of a user, say after a new password. One that begins meanwhile is ended too,
  /// or begins after all others have ended.
  public void endAll(String user) {
    db.transact(tx -> all(tx.of(ofUsers), user).forEach(session -> delete(tx, session)));
  }

  private void write(Transaction tx, Session session) {
    Expiry expiry = Expiry.after(lifetime);
    tx.of(sessions).put(session.key(), session.value(), expiry);
    tx.of(ofUsers).put(new SessionOfUser(session.user(), session.token()).key(), NOTHING, expiry);
  }

  private void delete(Transaction tx, SessionOfUser session) {
    TransactionStore index = tx.of(ofUsers);
    index.delete(session.key());
    tx.of(sessions).delete(Session.key(session.token()));
  }

  private Instant endOf(Transaction tx, SessionOfUser session) {
    Instant end = tx.of(ofUsers).expiryOf(session.key());
    return end == null ? Instant.MIN : end; // it is over by now
  }

  private static List<SessionOfUser> all(KeyValueReader index, String user) {
    var sessions = new ArrayList<SessionOfUser>();
    try (Cursor cursor = index.range(SessionOfUser.all(user)).open()) {
      for (; cursor.isValid(); cursor.next()) {
        sessions.add(cursor.key(SessionOfUser.CODEC));
      }
    }
    return sessions;
  }
}
