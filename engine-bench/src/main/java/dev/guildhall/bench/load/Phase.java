package dev.guildhall.bench.load;

/** The parts of a load, in their order. */
enum Phase {
    PREPARING("preparing"),
    CONNECTING("connecting"),
    WARMING_UP("warming up"),
    MEASURING("measuring"),
    SETTLING("settling"),
    CLOSING("closing");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
