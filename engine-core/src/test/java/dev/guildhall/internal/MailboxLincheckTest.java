package dev.guildhall.internal;

import dev.guildhall.Mailbox;
import dev.guildhall.Outcome;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Offers against the end, of a mailbox whose handler does not come to its turn. */
public class MailboxLincheckTest {
    private final Mailbox<Integer> mailbox = Mailbox.create(16, task -> {}, item -> {});

    @Operation
    public Outcome offer() {
        return mailbox.offer(1);
    }

    @Operation
    public void close() {
        mailbox.close();
    }

    @Operation
    public boolean isClosed() {
        return mailbox.isClosed();
    }

    @Test
    void isLinearizable() {
        Lincheck.stress(getClass());
    }
}
