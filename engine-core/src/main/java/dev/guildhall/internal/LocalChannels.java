package dev.guildhall.internal;

import dev.guildhall.Audience;
import dev.guildhall.Channels;
import dev.guildhall.Interests;
import dev.guildhall.Outcome;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The channels of the guild with an id: an immutable snapshot that publishers read and that changes replace by compare and swap. The
 * snapshots are kept beside the guilds, not in them, so they outlast a guild that ends and starts again.
 *
 * <p>A set of roles keeps its class for good, also when no channel has these roles any more: somewhere there may be interests with this
 * class, and it must never come to mean another set.
 */
public final class LocalChannels implements Channels {
    private static final Snapshot NONE = new Snapshot(Map.of(), Map.of());

    private final Registry registry;
    private final String guildId;

    private LocalChannels(Registry registry, String guildId) {
        this.registry = registry;
        this.guildId = guildId;
    }

    /** The snapshots of all guilds that have channels. */
    static final class Registry {
        private final Map<String, Snapshot> snapshots = new ConcurrentHashMap<>();
        private final int firstClass;
        private final int maxGuilds;

        Registry(int firstClass, int maxGuilds) {
            this.firstClass = firstClass;
            this.maxGuilds = maxGuilds;
        }

        LocalChannels of(String guildId) {
            return new LocalChannels(this, guildId);
        }
    }

    /** Compared by identity. */
    private static final class Snapshot {
        final Map<String, Integer> classes;
        final Map<Set<String>, Integer> visibilities;

        Snapshot(Map<String, Integer> classes, Map<Set<String>, Integer> visibilities) {
            this.classes = classes;
            this.visibilities = visibilities;
        }

        /** This with a channel, or null if there is no room for it. */
        @Nullable
        Snapshot with(String channel, Set<String> roles, int firstClass) {
            if (!classes.containsKey(channel) && classes.size() >= MAX_CHANNELS) {
                return null;
            }
            Integer known = visibilities.get(roles);
            int visibility = known != null ? known : firstClass + visibilities.size();
            if (visibility > Interests.MAX_CLASS) {
                return null;
            }
            return new Snapshot(
                    added(classes, channel, visibility),
                    known != null ? visibilities : added(visibilities, roles, visibility));
        }

        private static <K> Map<K, Integer> added(Map<K, Integer> present, K key, Integer value) {
            Map<K, Integer> next = new HashMap<>(present);
            next.put(key, value);
            return next;
        }

        Snapshot without(String channel) {
            Map<String, Integer> rest = new HashMap<>(classes);
            rest.remove(channel);
            return new Snapshot(rest, visibilities);
        }
    }

    private Snapshot snapshot() {
        return registry.snapshots.getOrDefault(guildId, NONE);
    }

    private boolean replace(Snapshot present, Snapshot next) {
        return present == NONE
                ? registry.snapshots.putIfAbsent(guildId, next) == null
                : registry.snapshots.replace(guildId, present, next);
    }

    @Override
    public Outcome define(String channel, Set<String> roles) {
        new Audience.Channel(channel, Set.of()); // checks the name
        if (roles.size() > MAX_ROLES) {
            throw new IllegalArgumentException(
                    "a channel can name at most " + MAX_ROLES + " roles, had " + roles.size());
        }
        Set<String> who = Set.copyOf(roles);
        Snapshot present;
        Snapshot next;
        do {
            present = snapshot();
            next = present.with(channel, who, registry.firstClass);
            if (next == null || (present == NONE && registry.snapshots.size() >= registry.maxGuilds)) {
                return Outcome.REFUSED;
            }
        } while (!replace(present, next));
        return Outcome.ORDERED;
    }

    @Override
    public boolean remove(String channel) {
        Snapshot present;
        do {
            present = snapshot();
            if (!present.classes.containsKey(channel)) {
                return false;
            }
        } while (!replace(present, present.without(channel)));
        return true;
    }

    @Override
    public boolean contains(String channel) {
        return classOf(channel) >= 0;
    }

    /** The visibility class of a channel, or -1. */
    int classOf(String channel) {
        return snapshot().classes.getOrDefault(channel, -1);
    }

    @Override
    public Interests interestsOf(Set<String> roles, Interests extra) {
        int[] visible = snapshot().visibilities.entrySet().stream()
                .filter(entry -> !Collections.disjoint(entry.getKey(), roles))
                .mapToInt(Map.Entry::getValue)
                .toArray();
        return InterestSet.of(visible).and(extra);
    }

    @Override
    public String toString() {
        Snapshot present = snapshot();
        return "Channels[" + guildId + ", " + present.classes.size() + " of " + present.visibilities.size()
                + " visibility classes]";
    }
}
