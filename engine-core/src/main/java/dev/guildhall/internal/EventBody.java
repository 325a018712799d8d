package dev.guildhall.internal;

import dev.guildhall.Event;
import dev.guildhall.spi.Encoding;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Type, payload and encoded forms, shared by all stamped copies of an event. The forms are a list that only grows, by CAS on
 * its head; it is as long as the number of encodings in use, which is one or two.
 */
final class EventBody {
    private static final VarHandle FORMS;

    static {
        try {
            FORMS = MethodHandles.lookup().findVarHandle(EventBody.class, "forms", Form.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private record Form(
            Encoding<?> encoding, Object value, @Nullable Form next) {}

    final String type;
    final byte[] payload;
    private volatile @Nullable Form forms;

    EventBody(String type, byte[] payload) {
        this.type = type;
        this.payload = payload;
    }

    <T> T encoded(Encoding<T> encoding, Event event) {
        T present = find(encoding, forms);
        return present != null ? present : add(encoding, encoding.encode(event));
    }

    private <T> T add(Encoding<T> encoding, T value) {
        while (true) {
            Form head = forms;
            T present = find(encoding, head);
            if (present != null) {
                return present;
            }
            if (FORMS.compareAndSet(this, head, new Form(encoding, value, head))) {
                return value;
            }
        }
    }

    @SuppressWarnings("unchecked") // the value beside an Encoding<T> was made by it
    private static <T> @Nullable T find(Encoding<T> encoding, @Nullable Form head) {
        for (Form form = head; form != null; form = form.next) {
            if (form.encoding == encoding) {
                return (T) form.value;
            }
        }
        return null;
    }
}
