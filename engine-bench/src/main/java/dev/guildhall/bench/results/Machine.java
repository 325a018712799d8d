package dev.guildhall.bench.results;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine and JVM a command ran on.
 *
 * @param cores that the JVM may use
 * @param kernel the operating system and the numbers of its version
 * @param gc of the command's own JVM; measuring JVMs that it starts take G1
 */
public record Machine(String cpu, int cores, long memoryBytes, String kernel, String jdk, String gc) {

    /** Numbers, and what a distributor or a host adds. */
    private static final Pattern VERSION = Pattern.compile("(\\d+(?:\\.\\d+)*).*");

    /** This one. */
    public static Machine here() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                system.getName() + " " + VERSION.matcher(system.getVersion()).replaceFirst("$1"),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                collector());
    }

    /** What the JDK does not tell; where Linux does not either it is the architecture. */
    private static String cpuModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException notLinux) {
            return System.getProperty("os.arch");
        }
    }

    /** The first word, such as G1 of "G1 Young Generation". */
    private static String collector() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .map(name -> name.split(" ", 2)[0])
                .findFirst()
                .orElse("none");
    }
}
