package dev.guildhall.testkit;

/** Entry to the assertions of the test kit, in AssertJ's way; import it statically beside AssertJ's own. */
public final class EngineAssertions {
    private EngineAssertions() {}

    /**
     * Begins to look at a client. Everything that waits in the engine runs first.
     *
     * @param client the client
     * @return its assertions
     */
    public static TestClientAssert assertThat(TestClient client) {
        return new TestClientAssert(client);
    }
}
