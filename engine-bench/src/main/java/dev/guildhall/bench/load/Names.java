package dev.guildhall.bench.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What templates may ask for: the scenario's variables, and what its preparation has taken from answers by then. */
final class Names {
    static final String RUN = "run";
    static final String USER = "user";
    static final String CONNECTION = "connection";
    static final String GROUP = "group";
    static final String TOKEN = "token";

    private static final Set<String> RESERVED = Set.of(RUN, USER, CONNECTION, GROUP, "mark", "time", "payload", "n");

    private final Set<String> names = new LinkedHashSet<>(Set.of(RUN));

    Names(Map<String, String> variables) {
        variables.keySet().forEach(this::add);
    }

    void add(String name) {
        if (RESERVED.contains(name)) {
            throw new LoadException(
                    "'" + name + "' cannot be the name of a variable, since ${" + name + "} has a meaning of its own");
        }
        names.add(name);
    }

    boolean has(String name) {
        return names.contains(name);
    }

    List<String> with(String... others) {
        return with(List.of(others));
    }

    List<String> with(Collection<String> others) {
        List<String> all = new ArrayList<>(names);
        all.addAll(others);
        return all;
    }
}
