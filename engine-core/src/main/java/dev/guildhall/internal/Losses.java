package dev.guildhall.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** What a ring drops in one go, guild by guild: one notice tells of all that is lost of a guild, however much that is. */
final class Losses {
    private final Map<Incarnation, Loss> losses = new LinkedHashMap<>();
    private @Nullable Loss last;

    private static final class Loss {
        final LogEvent first;
        long to;
        long lost;
        int count;
        int position;

        Loss(LogEvent first) {
            this.first = first;
        }

        GapNotice notice() {
            if (count == 1 && first instanceof GapNotice same) {
                return same;
            }
            long from = first instanceof GapNotice notice ? notice.from : first.offset;
            return GapNotice.of(first.incarnation(), from, to, lost);
        }
    }

    /** Adds what was at a position: an event, or a notice of earlier losses. */
    void add(int position, LogEvent event) {
        Loss loss = last;
        if (loss == null || loss.first.incarnation() != event.incarnation()) {
            loss = losses.computeIfAbsent(event.incarnation(), guild -> new Loss(event));
            last = loss;
        }
        loss.position = position;
        loss.to = event.offset;
        loss.lost += event instanceof GapNotice notice ? notice.lost : 1;
        loss.count++;
    }

    /** Makes the notices, each with the position of the last that was lost of its guild. */
    void forEach(ObjIntConsumer<GapNotice> action) {
        losses.values().forEach(loss -> action.accept(loss.notice(), loss.position));
    }
}
