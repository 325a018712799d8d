/**
 * Guildhall's engine: guilds that keep order, sessions that receive, lanes that fan out, and the SPI by which transports
 * plug in.
 */
module dev.guildhall.core {
    requires jdk.jfr;
    requires org.agrona.core;
    requires org.jctools.core.jdk11;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.guildhall;
    exports dev.guildhall.memory;
    exports dev.guildhall.spi;
}
