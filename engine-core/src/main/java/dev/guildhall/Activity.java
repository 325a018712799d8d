package dev.guildhall;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a user is doing, in bytes that mean something to the application's clients only. Immutable; two activities with the same
 * bytes are equal.
 */
public final class Activity {
    /** Most bytes of an activity. It is small because it is told to whole guilds. */
    public static final int MAX_LENGTH = 1024;

    /** No activity; the same as no bytes. */
    public static final Activity NONE = new Activity(new byte[0]);

    private final byte[] bytes;

    private Activity(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * An activity of bytes.
     *
     * @param bytes 0 to {@value #MAX_LENGTH}; copied
     * @return the activity
     * @throws IllegalArgumentException if there are too many bytes
     */
    public static Activity of(byte[] bytes) {
        if (bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "an activity must have at most " + MAX_LENGTH + " bytes, had " + bytes.length);
        }
        return bytes.length == 0 ? NONE : new Activity(bytes.clone());
    }

    /**
     * An activity whose bytes are the text in UTF-8.
     *
     * @param text what the user is doing
     * @return the activity
     * @throws IllegalArgumentException if the text has more than {@value #MAX_LENGTH} bytes
     */
    public static Activity of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether there is no activity.
     *
     * @return true for {@link #NONE}
     */
    public boolean isNone() {
        return bytes.length == 0;
    }

    /**
     * Its bytes.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Its bytes read as UTF-8.
     *
     * @return a new string
     */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Activity activity && Arrays.equals(bytes, activity.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Activity[" + bytes.length + " bytes]";
    }
}
