package dev.guildhall.bench;

import java.util.List;

/**
 * What the servers of {@code bench gateway} do.
 *
 * @param mode {@code rate}: {@code amount} events a second; {@code max}: as fast as the first client acknowledges, {@code amount} ahead
 * @param burst events that are published at once
 * @param joined whether the server in C sends all frames of a burst with one send
 */
record GatewayScenario(String name, int connections, String mode, int amount, int burst, boolean joined) {
    static final List<GatewayScenario> ALL = List.of(
            new GatewayScenario("steady", 1_000, "rate", 50, 1, false),
            new GatewayScenario("bursts", 1_000, "rate", 400, 8, true),
            new GatewayScenario("max-1000", 1_000, "max", 64, 1, true),
            new GatewayScenario("max-10000", 10_000, "max", 64, 1, true));

    boolean isSteady() {
        return !isMax() && burst == 1;
    }

    boolean isMax() {
        return mode.equals("max");
    }

    @Override
    public String toString() {
        return name;
    }

    /** Finds one by its name. */
    static final class Named extends ByName<GatewayScenario> {
        Named() {
            super("scenario", ALL);
        }
    }
}
