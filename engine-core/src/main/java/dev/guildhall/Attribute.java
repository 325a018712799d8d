package dev.guildhall;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names something that an application keeps with a session. Two attributes are the same if they are the same object, so keep
 * one in a constant.
 *
 * @param <T> what is kept
 */
public final class Attribute<T> {
    private final String name;
    private final Class<T> type;

    private Attribute(String name, Class<T> type) {
        this.name = name;
        this.type = type;
    }

    /**
     * A new attribute, different from all others.
     *
     * @param name for people
     * @param type of what is kept
     * @param <T> what is kept
     * @return the attribute
     * @throws IllegalArgumentException if the type is primitive
     */
    public static <T> Attribute<T> named(String name, Class<T> type) {
        if (type.isPrimitive()) {
            throw new IllegalArgumentException("an attribute's type must be a class, was " + type);
        }
        return new Attribute<>(Objects.requireNonNull(name, "name"), Objects.requireNonNull(type, "type"));
    }

    /**
     * A value kept under this attribute.
     *
     * @param value what was kept, or null
     * @return the same, as what it is
     * @throws ClassCastException if it was not kept under this attribute
     */
    public @Nullable T cast(@Nullable Object value) {
        return type.cast(value);
    }

    @Override
    public String toString() {
        return "Attribute[" + name + "]";
    }
}
