package dev.guildhall.bench;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds one of several as it calls itself, which is what an option takes. */
abstract class ByName<T> implements ITypeConverter<T> {
    private final String kind;
    private final List<T> all;

    /**
     * One of these.
     *
     * @param kind what each is, for a complaint
     */
    ByName(String kind, List<T> all) {
        this.kind = kind;
        this.all = all;
    }

    @Override
    public T convert(String name) {
        return all.stream()
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("no " + kind + " '" + name + "'; there are " + all));
    }
}
