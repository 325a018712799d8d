package dev.guildhall.testkit;

import dev.guildhall.Session;
import dev.guildhall.SessionOptions;
import dev.guildhall.testkit.contract.ConnectionContract;
import dev.guildhall.testkit.contract.TransportFixture;
import java.util.function.BiConsumer;

class InMemoryConnectionContractTest extends ConnectionContract {

    @Override
    protected TransportFixture create(SessionOptions options, BiConsumer<Session, String> onCommand) {
        return InMemoryFixture.create(options, onCommand);
    }
}
