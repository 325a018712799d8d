package dev.guildhall.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.guildhall.Event;
import dev.guildhall.PresenceEncoder;
import dev.guildhall.PresenceUpdate;
import dev.guildhall.Subscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a subscriber of a guild was told of presence: each event as it came, and what follows from all of them. */
final class ToldUsers implements Subscriber {
    /** Text that is easy to compare: {@code ann=ONLINE:activity,bob=OFFLINE:}. */
    static final PresenceEncoder PLAIN = (guildId, updates) -> updates.stream()
            .map(ToldUsers::line)
            .collect(Collectors.joining(","))
            .getBytes(UTF_8);

    private final List<String> events = new ArrayList<>();
    private final Map<String, String> present = new TreeMap<>();

    private static String line(PresenceUpdate update) {
        return update.user() + "=" + update.status() + ":" + update.activity().text();
    }

    @Override
    public void onEvent(Event event) {
        if (event.type().equals(Event.PRESENCE_UPDATE)) {
            events.add(event.text());
            for (String line : event.text().split(",", -1)) {
                String[] userAndState = line.split("=", 2);
                if (userAndState[1].equals("OFFLINE:")) {
                    present.remove(userAndState[0]);
                } else {
                    present.put(userAndState[0], userAndState[1]);
                }
            }
        }
    }

    /** The events since the last call. */
    List<String> takeEvents() {
        List<String> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Who is not offline, and what they show. */
    Map<String, String> present() {
        return present;
    }
}
