package dev.guildhall.internal;

import dev.guildhall.Delivery;
import dev.guildhall.Event;
import dev.guildhall.SessionOptions;
import dev.guildhall.spi.Encoding;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Type, payload and encoded forms, shared by all stamped copies of an event. The forms are a list that only grows, by CAS on
 * its head; it is as long as the number of encodings in use, which is one or two.
 *
 * <p><b>Proofs</b> (jcstress, {@code EventBodyProof}): of one encoding all get the same form, and no form is lost.
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
    final Delivery delivery;
    private final boolean mark;
    private volatile @Nullable Form forms;

    EventBody(String type, byte[] payload, Delivery delivery) {
        this(type, payload, delivery, false);
    }

    private EventBody(String type, byte[] payload, Delivery delivery, boolean mark) {
        this.type = type;
        this.payload = payload;
        this.delivery = delivery;
        this.mark = mark;
    }

    static EventBody mark(String type, byte[] payload) {
        return new EventBody(type, payload, Delivery.RELIABLE, true);
    }

    /** Whether a session's ring has to look at this more closely than at a reliable event. */
    boolean isSpecial() {
        return mark || !(delivery instanceof Delivery.Reliable);
    }

    boolean isMark() {
        return mark;
    }

    int nominalBytes() {
        return payload.length + type.length() + SessionOptions.EVENT_OVERHEAD_BYTES;
    }

    <T> T encoded(Encoding<T> encoding, Event event) {
        T present = find(encoding, forms);
        return present != null ? present : add(encoding, Objects.requireNonNull(encoding.encode(event), "encoded"));
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

    @Override
    public String toString() {
        return "EventBody[" + type + ", " + payload.length + " bytes]";
    }
}
