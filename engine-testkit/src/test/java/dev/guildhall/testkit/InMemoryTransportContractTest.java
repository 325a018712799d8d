package dev.guildhall.testkit;

import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.testkit.contract.TransportContract;
import dev.guildhall.testkit.contract.TransportFixture;
import java.util.function.BiConsumer;

class InMemoryTransportContractTest extends TransportContract {

    @Override
    protected TransportFixture create(SessionOptions options, BiConsumer<Session, String> onCommand) {
        return InMemoryFixture.create(options, onCommand);
    }
}
