package dev.guildhall.examples.quickstart;

import dev.guildhall.Engine;
import dev.guildhall.Event;
import dev.guildhall.Guild;
import dev.guildhall.Session;

/** Two sessions in a guild: what is published reaches both. */
public final class Quickstart {

    public static void main(String[] args) {
        try (Engine engine = Engine.open()) {
            Session ann = engine.openSession("ann", event -> System.out.println("ann received: " + event.text()));
            Session ben = engine.openSession("ben", event -> System.out.println("ben received: " + event.text()));

            Guild lobby = engine.guild("lobby");
            ann.subscribe(lobby);
            ben.subscribe(lobby);

            lobby.publish(Event.of("MESSAGE", "hello, everybody"));
        } // closing the engine delivers what was published
    }

    private Quickstart() {}
}
