package dev.guildhall.bench.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What the operating system lets one process have, and what it has had. */
final class Limits {
    private static final int OTHER_FILES = 64;
    private static final int PORTS = 60_000;

    private Limits() {}

    /**
     * @throws LoadException if the connections cannot all be open at once
     */
    static void check(Scenario.Connecting connect) {
        int connections = connect.connections();
        int addresses = Math.max(1, connect.sourceAddresses().size());
        if (connections / addresses > PORTS) {
            throw new LoadException(String.format(
                    Locale.ROOT,
                    "%,d connections need more ports than the %,d that each of %,d addresses can have; name more in"
                            + " connect.source-addresses",
                    connections,
                    PORTS,
                    addresses));
        }
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            require(connections, unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount());
        }
    }

    /** Processor time of this process since its start; 0 where that is not known. */
    static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }

    static void require(int connections, long descriptors) {
        if (descriptors < connections + OTHER_FILES) {
            throw new LoadException(String.format(
                    Locale.ROOT,
                    "%,d connections need %,d file descriptors, but this process can open %,d more; raise 'ulimit -n' or lower"
                            + " connect.connections",
                    connections,
                    connections + OTHER_FILES,
                    descriptors));
        }
    }
}
