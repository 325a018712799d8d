package dev.guildhall.bench.load;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./guildhall load scenarios}: what there is to begin with. */
@Command(
        name = "scenarios",
        mixinStandardHelpOptions = true,
        description = "Lists the scenarios that come along, or prints one of them, to be changed in a file.")
final class ScenariosCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The one to print.")
    private @Nullable String name;

    ScenariosCommand() {}

    @Override
    public Integer call() {
        if (name == null) {
            for (String shipped : ScenarioFile.SHIPPED) {
                System.out.printf(Locale.ROOT, "%-10s %s%n", shipped, ScenarioFile.purpose(shipped));
            }
            return 0;
        }
        try {
            System.out.print(ScenarioFile.text(name));
            return 0;
        } catch (LoadException e) {
            System.err.println("load: " + e.getMessage());
            return LoadCommand.CANNOT;
        }
    }
}
