/** The smallest embedding of Guildhall. */
module dev.guildhall.examples.quickstart {
    requires dev.guildhall.core;
    requires static org.jspecify;
}
