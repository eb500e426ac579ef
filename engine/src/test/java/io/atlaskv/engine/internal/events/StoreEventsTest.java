package io.atlaskv.engine.internal.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.api.StoreEvent.Missed;
import io.atlaskv.engine.api.StoreEvent.TableDeleted;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.io.SimScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreEventsTest {
  private final SimPorts world = SimPorts.create(1);
  private final SimScheduler scheduler = world.scheduler();
  private final StoreEvents events = new StoreEvents(scheduler);
  private final List<StoreEvent> heard = new ArrayList<>();

  private static TableDeleted event(int number) {
    return new TableDeleted(number + ".sst");
  }

  private void runAll() {
    while (scheduler.step()) {}
  }

  @Test
  void listenersHearInOrderWhatIsToldWhileTheyListen() {
    events.tell(event(0));
    try (var _ = events.listen(heard::add)) {
      assertThat(events.isHeard()).isTrue();
      events.tell(event(1));
      events.tell(event(2));
      assertThat(heard).as("told by the teller's thread").isEmpty();
      runAll();
      events.tell(event(3));
      runAll();
    }
    assertThat(events.isHeard()).isFalse();
    events.tell(event(4));
    runAll();
    assertThat(heard).containsExactly(event(1), event(2), event(3));
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    var failing = new ArrayList<StoreEvent>();
    events.listen(event -> {
      failing.add(event);
      throw new AssertionError("planted");
    });
    events.listen(heard::add);
    events.tell(event(1));
    events.tell(event(2));
    runAll();
    assertThat(failing).containsExactly(event(1), event(2));
    assertThat(heard).containsExactly(event(1), event(2));
  }

  @Test
  void whatASlowListenerMissesIsCounted() {
    events.listen(heard::add);
    for (int i = 0; i < StoreEvents.WAITING_MAX + 5; i++) {
      events.tell(event(i));
    }
    scheduler.step();
    events.tell(event(-1));
    runAll();
    assertThat(heard).hasSize(StoreEvents.WAITING_MAX + 2);
    assertThat(heard.subList(0, StoreEvents.WAITING_MAX))
        .allMatch(event -> event instanceof TableDeleted);
    assertThat(heard.subList(StoreEvents.WAITING_MAX, heard.size()))
        .containsExactly(new Missed(5), event(-1));
  }

  @Test
  void whatIsMissedLastIsToldToo() {
    events.listen(heard::add);
    for (int i = 0; i < StoreEvents.WAITING_MAX + 7; i++) {
      events.tell(event(i));
    }
    runAll();
    assertThat(heard).hasSize(StoreEvents.WAITING_MAX + 1).endsWith(new Missed(7));
  }

  @Test
  void aClosedSchedulerIsNoFailure() {
    events.listen(heard::add);
    scheduler.close();
    events.tell(event(1));
    assertThat(heard).isEmpty();
  }
}
