package dev.guildhall.testkit;

import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.testkit.contract.FailingStart;
import dev.guildhall.testkit.contract.TransportContract;
import dev.guildhall.testkit.contract.TransportFixture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Assumptions;

class InMemoryTransportContractTest extends TransportContract {

    @Override
    protected TransportFixture create(SessionOptions options, BiConsumer<Session, String> onCommand) {
        return InMemoryFixture.create(options, onCommand);
    }

    @Override
    protected FailingStart failingStart() {
        return Assumptions.abort("what an in-memory transport needs to start is always there");
    }
}
