/** What tests of code that embeds Guildhall need: an engine that runs when they say so, clients, assertions, and a search for leaks. */
module dev.guildhall.testkit {
    requires java.management;
    requires transitive dev.guildhall.core;
    requires static transitive org.jspecify;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports dev.guildhall.testkit;
    exports dev.guildhall.testkit.contract;
    exports dev.guildhall.testkit.simulation;
}
