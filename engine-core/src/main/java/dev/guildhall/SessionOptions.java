package dev.guildhall;

import java.time.Duration;
import java.util.Objects;

/**
 * How a session is set up: what it may hold, and what happens when it holds more. Immutable. {@code docs/sessions.md} says why
 * each default is what it is.
 *
 * <p>Bytes are nominal: payload, type and a fixed {@value #EVENT_OVERHEAD_BYTES} for each event.
 */
public final class SessionOptions {
    /** Bytes that an event counts besides its payload and its type. */
    public static final int EVENT_OVERHEAD_BYTES = 64;

    /** Default bound of the events that were not written yet. */
    public static final int DEFAULT_MAX_BACKLOG_EVENTS = 4096;

    /** Default bound of their bytes: 4 MiB. */
    public static final int DEFAULT_MAX_BACKLOG_BYTES = 4 << 20;

    /** Default bound of the events kept for a resume. */
    public static final int DEFAULT_MAX_REPLAY_EVENTS = 960;

    /** Default bound of their bytes: 1 MiB. */
    public static final int DEFAULT_MAX_REPLAY_BYTES = 1 << 20;

    /** Default time that a session waits for its client to come back. */
    public static final Duration DEFAULT_RESUME_WINDOW = Duration.ofSeconds(90);

    /** Default bound of a session's subscriptions. */
    public static final int DEFAULT_MAX_SUBSCRIPTIONS = 4096;

    /** Default bound of a client's commands that wait. */
    public static final int DEFAULT_MAX_WAITING_COMMANDS = 128;

    /** Default number of commands a second that a client may send. */
    public static final int DEFAULT_COMMANDS_PER_SECOND = 50;

    /** Default number of commands that a client may send at once. */
    public static final int DEFAULT_COMMAND_BURST = 100;

    /** Longest name of a device, in characters. */
    public static final int MAX_DEVICE_LENGTH = 64;

    /** All defaults. */
    public static final SessionOptions DEFAULT = builder().build();

    private final boolean inline;
    private final int maxBacklogEvents;
    private final int maxBacklogBytes;
    private final int maxReplayEvents;
    private final int maxReplayBytes;
    private final OverflowPolicy overflow;
    private final Duration resumeWindow;
    private final int maxSubscriptions;
    private final int maxWaitingCommands;
    private final int commandsPerSecond;
    private final int commandBurst;
    private final String device;
    private final Presence.Status status;

    private SessionOptions(Builder from) {
        inline = from.inline;
        maxBacklogEvents = requireRange("maxBacklogEvents", from.maxBacklogEvents, 128, 1 << 20);
        maxBacklogBytes = requireRange("maxBacklogBytes", from.maxBacklogBytes, 4096, 1 << 29);
        maxReplayEvents = requireRange("maxReplayEvents", from.maxReplayEvents, 0, 1 << 20);
        maxReplayBytes = requireRange("maxReplayBytes", from.maxReplayBytes, 0, 1 << 29);
        overflow = from.overflow;
        resumeWindow = requireWindow(from.resumeWindow);
        maxSubscriptions = requireRange("maxSubscriptions", from.maxSubscriptions, 1, 1 << 16);
        maxWaitingCommands = requireRange("maxWaitingCommands", from.maxWaitingCommands, 1, 1 << 16);
        commandsPerSecond = requireRange("commandsPerSecond", from.commandsPerSecond, 1, 1_000_000);
        commandBurst = requireRange("commandBurst", from.commandBurst, 1, 1_000_000);
        device = from.device;
        requireRange("the length of device", device.length(), 0, MAX_DEVICE_LENGTH);
        status = requireNotOffline(from.status);
    }

    private static Presence.Status requireNotOffline(Presence.Status status) {
        if (status == Presence.Status.OFFLINE) {
            throw new IllegalArgumentException("status must not be " + status + ", which no open session is");
        }
        return status;
    }

    private static int requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", was " + value);
        }
        return value;
    }

    private static Duration requireWindow(Duration window) {
        Duration longest = Duration.ofDays(1);
        if (window.isNegative() || window.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "resumeWindow must be between " + Duration.ZERO + " and " + longest + ", was " + window);
        }
        return window;
    }

    /**
     * Defaults to change.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * These options to change.
     *
     * @return a builder that begins with them
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.inline = inline;
        builder.maxBacklogEvents = maxBacklogEvents;
        builder.maxBacklogBytes = maxBacklogBytes;
        builder.maxReplayEvents = maxReplayEvents;
        builder.maxReplayBytes = maxReplayBytes;
        builder.overflow = overflow;
        builder.resumeWindow = resumeWindow;
        builder.maxSubscriptions = maxSubscriptions;
        builder.maxWaitingCommands = maxWaitingCommands;
        builder.commandsPerSecond = commandsPerSecond;
        builder.commandBurst = commandBurst;
        builder.device = device;
        builder.status = status;
        return builder;
    }

    /**
     * The options of an in-process subscriber that never blocks.
     *
     * @return these options with {@link Builder#inline()}
     */
    public SessionOptions withInline() {
        return toBuilder().inline().build();
    }

    /**
     * Whether an in-process subscriber is called on the lane itself.
     *
     * @return true if it is
     */
    public boolean inline() {
        return inline;
    }

    /**
     * Bound of the events that were not written yet.
     *
     * @return the number of events
     */
    public int maxBacklogEvents() {
        return maxBacklogEvents;
    }

    /**
     * Bound of the bytes of events that were not written yet.
     *
     * @return the number of bytes
     */
    public int maxBacklogBytes() {
        return maxBacklogBytes;
    }

    /**
     * Bound of the events kept for a resume.
     *
     * @return the number of events
     */
    public int maxReplayEvents() {
        return maxReplayEvents;
    }

    /**
     * Bound of the bytes of events kept for a resume.
     *
     * @return the number of bytes
     */
    public int maxReplayBytes() {
        return maxReplayBytes;
    }

    /**
     * What happens when the backlog is full.
     *
     * @return the policy
     */
    public OverflowPolicy overflow() {
        return overflow;
    }

    /**
     * How long the session waits for its client after the connection is lost.
     *
     * @return the time; zero if the session ends with its connection
     */
    public Duration resumeWindow() {
        return resumeWindow;
    }

    /**
     * Bound of the session's subscriptions.
     *
     * @return the number of guilds
     */
    public int maxSubscriptions() {
        return maxSubscriptions;
    }

    /**
     * Bound of the client's commands that wait to be handled.
     *
     * @return the number of commands
     */
    public int maxWaitingCommands() {
        return maxWaitingCommands;
    }

    /**
     * How many commands a second the client may send for long.
     *
     * @return the rate
     */
    public int commandsPerSecond() {
        return commandsPerSecond;
    }

    /**
     * How many commands the client may send at once.
     *
     * @return the size of the token bucket
     */
    public int commandBurst() {
        return commandBurst;
    }

    /**
     * What the user's presence calls this session.
     *
     * @return a name, the empty string if there is none
     */
    public String device() {
        return device;
    }

    /**
     * How present the session is until it {@linkplain Session#setPresence says} something.
     *
     * @return the status
     */
    public Presence.Status status() {
        return status;
    }

    @Override
    public String toString() {
        return "SessionOptions[backlog=" + maxBacklogEvents + " events/" + maxBacklogBytes + " bytes, replay="
                + maxReplayEvents + " events/" + maxReplayBytes + " bytes, " + overflow + ", resumeWindow="
                + resumeWindow + (inline ? ", inline]" : "]");
    }

    /** Collects options; {@link #build} checks them. Not safe for use by several threads at once. */
    public static final class Builder {
        private boolean inline;
        private int maxBacklogEvents = DEFAULT_MAX_BACKLOG_EVENTS;
        private int maxBacklogBytes = DEFAULT_MAX_BACKLOG_BYTES;
        private int maxReplayEvents = DEFAULT_MAX_REPLAY_EVENTS;
        private int maxReplayBytes = DEFAULT_MAX_REPLAY_BYTES;
        private OverflowPolicy overflow = OverflowPolicy.DISCONNECT_RESUMABLE;
        private Duration resumeWindow = DEFAULT_RESUME_WINDOW;
        private int maxSubscriptions = DEFAULT_MAX_SUBSCRIPTIONS;
        private int maxWaitingCommands = DEFAULT_MAX_WAITING_COMMANDS;
        private int commandsPerSecond = DEFAULT_COMMANDS_PER_SECOND;
        private int commandBurst = DEFAULT_COMMAND_BURST;
        private String device = "";
        private Presence.Status status = Presence.Status.ONLINE;

        private Builder() {}

        /**
         * The in-process subscriber is called on the session's lane, between the deliveries to others: fastest, and for code
         * that never blocks only. One that blocks holds up every session of its lane.
         *
         * @return this
         */
        public Builder inline() {
            inline = true;
            return this;
        }

        /**
         * How many events may wait to be written before the {@linkplain #overflow policy} acts. A lane appends up to 120 events
         * of a guild before the session gets its turn.
         *
         * @param events 128 to 1,048,576; default {@value #DEFAULT_MAX_BACKLOG_EVENTS}
         * @return this
         */
        public Builder maxBacklogEvents(int events) {
            maxBacklogEvents = events;
            return this;
        }

        /**
         * How many bytes may wait to be written before the {@linkplain #overflow policy} acts. An event that is larger can never
         * be delivered: {@link Session#send} answers {@link Outcome#REFUSED}, a published one becomes a {@link Event#GAP}. Inline
         * subscribers have no backlog and get published events of any size; what is sent to them directly has this bound too.
         *
         * @param bytes 4,096 to 536,870,912; default {@value #DEFAULT_MAX_BACKLOG_BYTES}
         * @return this
         */
        public Builder maxBacklogBytes(int bytes) {
            maxBacklogBytes = bytes;
            return this;
        }

        /**
         * How many written events are kept for a resume. When there are more, the oldest eighth is forgotten silently. The number of
         * an ephemeral event counts, though the event is not kept.
         *
         * @param events 0 to 1,048,576; default {@value #DEFAULT_MAX_REPLAY_EVENTS}
         * @return this
         */
        public Builder maxReplayEvents(int events) {
            maxReplayEvents = events;
            return this;
        }

        /**
         * How many bytes of written events are kept for a resume. When there are more, the oldest eighth is forgotten silently.
         *
         * @param bytes 0 to 536,870,912; default {@value #DEFAULT_MAX_REPLAY_BYTES}
         * @return this
         */
        public Builder maxReplayBytes(int bytes) {
            maxReplayBytes = bytes;
            return this;
        }

        /**
         * What happens when the backlog is full.
         *
         * @param policy default {@link OverflowPolicy#DISCONNECT_RESUMABLE}
         * @return this
         */
        public Builder overflow(OverflowPolicy policy) {
            overflow = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * How long the session waits for its client after the connection is lost. In-process subscribers have no connection to
         * lose.
         *
         * @param window 0 to 1 day; zero ends a session with its connection; default 90 s
         * @return this
         */
        public Builder resumeWindow(Duration window) {
            resumeWindow = Objects.requireNonNull(window, "window");
            return this;
        }

        /**
         * How many guilds the session may be subscribed to; {@link Outcome#REFUSED} beyond.
         *
         * @param guilds 1 to 65,536; default {@value #DEFAULT_MAX_SUBSCRIPTIONS}
         * @return this
         */
        public Builder maxSubscriptions(int guilds) {
            maxSubscriptions = guilds;
            return this;
        }

        /**
         * How many commands of the client may wait to be handled; one more ends the session with
         * {@link CloseReason.Kind#COMMAND_OVERFLOW}.
         *
         * @param commands 1 to 65,536; default {@value #DEFAULT_MAX_WAITING_COMMANDS}
         * @return this
         */
        public Builder maxWaitingCommands(int commands) {
            maxWaitingCommands = commands;
            return this;
        }

        /**
         * The token bucket of the client's commands: a command takes a token, and one without a token is answered
         * {@link Outcome#RATE_LIMITED}.
         *
         * @param perSecond tokens that come back each second, 1 to 1,000,000; default {@value #DEFAULT_COMMANDS_PER_SECOND}
         * @param burst tokens that fit, 1 to 1,000,000; default {@value #DEFAULT_COMMAND_BURST}
         * @return this
         */
        public Builder commandRate(int perSecond, int burst) {
            commandsPerSecond = perSecond;
            commandBurst = burst;
            return this;
        }

        /**
         * What the {@linkplain Presence.Device user's presence} calls this session.
         *
         * @param name such as "phone", at most {@value #MAX_DEVICE_LENGTH} characters; default the empty string
         * @return this
         */
        public Builder device(String name) {
            device = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * How present the session is from its beginning, so that nobody who is invisible is seen for a moment.
         *
         * @param initial anything but {@link Presence.Status#OFFLINE}; default {@link Presence.Status#ONLINE}
         * @return this
         */
        public Builder status(Presence.Status initial) {
            status = Objects.requireNonNull(initial, "initial");
            return this;
        }

        /**
         * Checks the values.
         *
         * @return the options
         * @throws IllegalArgumentException if a value is out of its range; the message names both
         */
        public SessionOptions build() {
            return new SessionOptions(this);
        }
    }
}
