package dev.guildhall.testkit;

import dev.guildhall.Engine;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each JUnit test an engine of its own, as a parameter of type {@link TestEngine}, {@link Engine} or {@link ManualClock}, closes it
 * afterwards, and fails the test for what it has leaked. If a test fails, the seed that repeats its schedule is printed.
 *
 * <pre>{@code
 * @ExtendWith(EngineExtension.class)
 * class LobbyTest {
 *     @Test
 *     void everybodyHearsIt(TestEngine test) { … }
 * }
 *
 * class ModeratedTest {
 *     @RegisterExtension
 *     static final EngineExtension ENGINES = EngineExtension.with(builder ->
 *             builder.configure(engine -> engine.guildHandlers(id -> new Moderated())));
 * }
 * }</pre>
 */
public final class EngineExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(EngineExtension.class);
    private static final Set<Class<?>> TYPES = Set.of(TestEngine.class, Engine.class, ManualClock.class);

    private final UnaryOperator<TestEngine.Builder> configuration;

    /** Engines with the defaults. */
    public EngineExtension() {
        this(UnaryOperator.identity());
    }

    private EngineExtension(UnaryOperator<TestEngine.Builder> configuration) {
        this.configuration = configuration;
    }

    /**
     * Engines that are configured.
     *
     * @param configuration is given the builder of each test's engine
     * @return an extension for {@code @RegisterExtension}
     */
    public static EngineExtension with(UnaryOperator<TestEngine.Builder> configuration) {
        return new EngineExtension(Objects.requireNonNull(configuration, "configuration"));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        TestEngine engine = configuration.apply(TestEngine.builder()).open();
        context.getStore(NAMESPACE).put(TestEngine.class, engine);
    }

    /** What is leaked by a test that has failed is no news. */
    @Override
    public void afterEach(ExtensionContext context) {
        TestEngine engine = context.getStore(NAMESPACE).get(TestEngine.class, TestEngine.class);
        if (engine == null) {
            return; // it could not be opened, of which JUnit tells
        }
        boolean hasFailed = context.getExecutionException().isPresent();
        if (hasFailed && engine.isRepeatable()) {
            System.err.println(context.getDisplayName() + " failed; repeat its schedule with " + engine.repetition());
        }
        List<String> leaks = engine.closeAndLook();
        if (!hasFailed && !leaks.isEmpty()) {
            throw new AssertionError(engine.report(leaks));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        TestEngine engine = engine(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == Engine.class) {
            return engine.engine();
        }
        return type == ManualClock.class ? engine.clock() : engine;
    }

    private static TestEngine engine(ExtensionContext context) {
        return Objects.requireNonNull(
                context.getStore(NAMESPACE).get(TestEngine.class, TestEngine.class),
                "an engine is there from before each test until after it, and not in a constructor or for all tests");
    }
}
