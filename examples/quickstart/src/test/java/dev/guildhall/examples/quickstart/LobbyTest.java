package dev.guildhall.examples.quickstart;

import static dev.guildhall.testkit.EngineAssertions.assertThat;

import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.testkit.EngineExtension;
import dev.guildhall.testkit.TestClient;
import dev.guildhall.testkit.TestEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EngineExtension.class)
class LobbyTest {

    @Test
    void whoLosesTheConnectionMissesNothing(TestEngine test) {
        Guild lobby = test.guild("lobby");
        TestClient ann = test.connect("ann");
        ann.subscribe(lobby);
        lobby.publish(Event.of("MESSAGE", "before"));
        assertThat(ann).receivedTexts("before");

        ann.cut();
        lobby.publish(Event.of("MESSAGE", "meanwhile"));
        ann.resume();

        assertThat(ann).receivedTexts("before", "meanwhile").inOrder().withoutGap();
    }
}
