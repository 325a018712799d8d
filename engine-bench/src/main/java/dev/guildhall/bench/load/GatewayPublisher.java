package dev.guildhall.bench.load;

import dev.guildhall.bench.load.Tally.Count;
import java.util.List;
import java.util.Random;

/** Publishes as clients of the gateway, by turns. */
final class GatewayPublisher implements Pacer.Publisher {
    private final Load load;
    private final List<LoadClient> clients;
    private final Template message;
    private final PayloadSizes payloads;
    private final Random random;
    private int turn;

    GatewayPublisher(Load load, Template message, List<LoadClient> clients) {
        this.load = load;
        this.clients = clients;
        this.message = message;
        this.payloads = load.scenario().publish().payloads();
        this.random = new Random(load.scenario().seed());
    }

    @Override
    public void publish(long number, long due) {
        load.tally().count(Count.DUE);
        send(number, due, payloads.next(random));
    }

    /** If one client cannot, the next one does. Also from event loops. */
    private synchronized void send(long number, long due, String payload) {
        for (int tried = 0; tried < clients.size(); tried++) {
            LoadClient client = clients.get(turn);
            turn = (turn + 1) % clients.size();
            String text = message.fill(name -> switch (name) {
                case "mark" -> load.scenario().receive().timeAfter();
                case "time" -> load.stamp().digits(due);
                case "payload" -> payload;
                case "n" -> Long.toString(number);
                default -> client.name(name);
            });
            if (client.publish(text, due, () -> send(number, due, payload))) {
                return;
            }
        }
        load.tally().count(Count.UNSENT);
        load.tally().error("publish: no publisher is ready and able to send");
    }
}
