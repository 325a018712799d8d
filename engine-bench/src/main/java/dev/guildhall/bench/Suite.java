package dev.guildhall.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The suites of {@link SuitesCommand}: each asks one question, and its lines are the engine's ways beside their baselines. */
enum Suite {
    /** How many deliveries a second does one guild make, as it grows, beside mailboxes, threads and the JDK's publisher? */
    FAN_OUT("How many deliveries a second does one guild make, and what does one allocate?", "deliveries") {
        @Override
        List<SuiteCase> cases() {
            List<SuiteCase> cases = new ArrayList<>();
            add(cases, FanOutBenchmark.Contender.GUILDHALL, 10_000, 1_000_000);
            add(cases, FanOutBenchmark.Contender.GUILDHALL_RING, 10_000);
            add(cases, FanOutBenchmark.Contender.GUILDHALL_OWN_RING, 10_000);
            add(cases, FanOutBenchmark.Contender.MAILBOX_PER_RECIPIENT, 10_000);
            add(cases, FanOutBenchmark.Contender.THREAD_PER_RECIPIENT, 10_000);
            add(cases, FanOutBenchmark.Contender.SUBMISSION_PUBLISHER, 10_000);
            List<SuiteCase> more = new ArrayList<>();
            add(more, FanOutBenchmark.Contender.GUILDHALL, 10, 100, 1_000, 100_000);
            add(more, FanOutBenchmark.Contender.GUILDHALL_RING, 1_000, 100_000);
            add(more, FanOutBenchmark.Contender.GUILDHALL_OWN_RING, 10, 1_000, 100_000);
            add(more, FanOutBenchmark.Contender.MAILBOX_PER_RECIPIENT, 10, 1_000, 100_000);
            add(more, FanOutBenchmark.Contender.THREAD_PER_RECIPIENT, 10, 1_000, 100_000);
            add(more, FanOutBenchmark.Contender.SUBMISSION_PUBLISHER, 10, 1_000);
            more.forEach(one -> cases.add(one.inFull()));
            return cases;
        }

        private void add(List<SuiteCase> cases, FanOutBenchmark.Contender contender, int... sizes) {
            for (int size : sizes) {
                cases.add(SuiteCase.of(FanOutBenchmark.class, "fanOut", contender, "sessions", size));
            }
        }
    },

    /** How many deliveries a second do 1,000 guilds of 25 make together? */
    SMALL_GUILDS("How many deliveries a second do many small guilds make together?", "deliveries") {
        @Override
        List<SuiteCase> cases() {
            return Arrays.stream(SmallGuildsBenchmark.Contender.values())
                    .map(each -> SuiteCase.of(SmallGuildsBenchmark.class, "fanOut", each, "guilds", 1_000))
                    .toList();
        }
    },

    /** What does an event cost that everybody, half, or a hundredth of a guild may get, beside one without a mask? */
    MASKS("What does a publish cost, depending on who may get the event?", "events") {
        @Override
        List<SuiteCase> cases() {
            List<SuiteCase> cases = new ArrayList<>();
            for (AudienceBenchmark.Contender contender : AudienceBenchmark.Contender.values()) {
                cases.add(SuiteCase.of(AudienceBenchmark.class, "publish", contender, "sessions", 10_000)
                        .with("writing", "true"));
                cases.add(SuiteCase.of(AudienceBenchmark.class, "publish", contender, "sessions", 100_000)
                        .with("writing", "true")
                        .inFull());
            }
            return cases;
        }
    },

    /** What does a session's ring add to a delivery, beside calling its receiver? */
    RING("What does a session's ring cost?", "deliveries") {
        @Override
        List<SuiteCase> cases() {
            List<SuiteCase> cases = new ArrayList<>();
            for (RingBenchmark.Contender contender :
                    List.of(RingBenchmark.Contender.NO_RING, RingBenchmark.Contender.RING)) {
                cases.add(SuiteCase.of(RingBenchmark.class, "deliver", contender, "sessions", 10_000));
                cases.add(SuiteCase.of(RingBenchmark.class, "deliver", contender, "sessions", 100_000)
                        .inFull());
            }
            return cases;
        }
    },

    /** How much do subscribers that block hold up the others, beside nobody blocking, and beside blocking on a lane? */
    BLOCKING("How much do subscribers that block hold up those that do not?", "deliveries") {
        @Override
        List<SuiteCase> cases() {
            return Arrays.stream(BlockingBenchmark.Contender.values())
                    .map(each -> SuiteCase.of(BlockingBenchmark.class, "fanOut", each))
                    .toList();
        }
    },

    /** Does it cost deliveries when 2 or 8 threads publish in one guild, or a lane, beside one thread? */
    PUBLISH("Does it cost deliveries when more threads publish in one guild, or a lane does?", "events") {
        @Override
        List<SuiteCase> cases() {
            List<SuiteCase> cases = new ArrayList<>();
            for (int publishers : new int[] {1, 2, 8}) {
                cases.add(SuiteCase.of(
                        PublishBenchmark.class,
                        "publish",
                        PublishBenchmark.Contender.GUILDHALL,
                        "publishers",
                        publishers));
            }
            cases.add(SuiteCase.of(
                    PublishBenchmark.class, "publish", PublishBenchmark.Contender.GUILDHALL_LANE, "publishers", 1));
            for (int publishers : new int[] {1, 8}) {
                cases.add(SuiteCase.of(
                        PublishBenchmark.class,
                        "publish",
                        PublishBenchmark.Contender.MAILBOX_PER_RECIPIENT,
                        "publishers",
                        publishers));
            }
            return cases;
        }
    },

    /** How many sessions a second open, subscribe and close, beside a thread for each? */
    SESSIONS("How many sessions a second open, subscribe and close?", "sessions") {
        @Override
        List<SuiteCase> cases() {
            List<SuiteCase> cases = new ArrayList<>();
            for (SessionBenchmark.Contender contender : SessionBenchmark.Contender.values()) {
                cases.add(SuiteCase.of(SessionBenchmark.class, "openAndClose", contender, "threads", 2));
                cases.add(SuiteCase.of(SessionBenchmark.class, "openAndClose", contender, "threads", 1)
                        .inFull());
            }
            return cases;
        }
    },

    /** What does a subscription cost that comes and goes, beside an entry of a concurrent set? */
    SUBSCRIPTIONS("What does a subscription cost that comes and goes?", "subscriptions") {
        @Override
        List<SuiteCase> cases() {
            return Arrays.stream(SubscriptionBenchmark.Contender.values())
                    .map(each -> SuiteCase.of(SubscriptionBenchmark.class, "subscribe", each))
                    .toList();
        }
    },

    /** What do a resume and its replay cost, beside writing as many events alone? */
    RESUME("What does a resume cost, and replaying?", "resumes") {
        @Override
        List<SuiteCase> cases() {
            return List.of(
                    ofResume("resume", 0),
                    ofResume("resume", 128),
                    ofResume("write", 128),
                    ofResume("resume", 900).inFull(),
                    ofResume("write", 900).inFull());
        }
    },

    /** What does a session cost that moves to another lane when it is resumed, beside one that stays? */
    HAND_OFF("What does it cost that a session moves to another lane?", "resumes") {
        @Override
        List<SuiteCase> cases() {
            return List.of(
                    ofResume("move", 0),
                    ofResume("move", 128),
                    ofResume("resume", 0).inFull(),
                    ofResume("resume", 128).inFull());
        }
    },

    /** What does a storm of presence cost a guild, beside an event for each change? */
    PRESENCE("What does a storm of presence cost a guild?", "changes") {
        @Override
        List<SuiteCase> cases() {
            return Arrays.stream(PresenceBenchmark.Contender.values())
                    .map(each -> SuiteCase.of(PresenceBenchmark.class, "storm", each))
                    .toList();
        }
    },

    /** How many guilds a second start, beside a thread for each? */
    GUILD_START("How many guilds a second start?", "guilds") {
        @Override
        List<SuiteCase> cases() {
            return Arrays.stream(GuildStartBenchmark.Contender.values())
                    .map(each -> SuiteCase.of(GuildStartBenchmark.class, "start", each))
                    .toList();
        }
    },

    /** How soon are many guilds back that fail together, beside supervised threads? */
    GUILD_RESTART("How soon are many guilds back that fail together?", "restarts") {
        @Override
        List<SuiteCase> cases() {
            List<SuiteCase> cases = new ArrayList<>();
            for (GuildRestartBenchmark.Contender contender : GuildRestartBenchmark.Contender.values()) {
                for (int guilds : new int[] {1_000, 100_000}) {
                    cases.add(SuiteCase.of(GuildRestartBenchmark.class, "restart", contender, "guilds", guilds)
                            .of(guilds));
                }
            }
            return cases;
        }
    };

    /** What it asks, in a sentence. */
    final String question;

    /** What an operation is, in the plural. */
    final String unit;

    Suite(String question, String unit) {
        this.question = question;
        this.unit = unit;
    }

    /** The lines, those that are compared beside each other. */
    abstract List<SuiteCase> cases();

    private static SuiteCase ofResume(String method, int missed) {
        return new SuiteCase(
                method + "." + missed, ResumeBenchmark.class, method, Map.of("missed", Integer.toString(missed)));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
