/** What tests of code that embeds Guildhall need: a clock they turn themselves, and an executor whose order a seed decides. */
module dev.guildhall.testkit {
    requires transitive dev.guildhall.core;
    requires static transitive org.jspecify;

    exports dev.guildhall.testkit;
    exports dev.guildhall.testkit.simulation;
}
