package dev.guildhall;

/**
 * What became of an event that was sent to all sessions of a user: how many answered what. A user without sessions has four zeros.
 *
 * @param enqueued sessions that took it
 * @param backPressured sessions whose inbox is full
 * @param refused sessions that may not hold an event so large
 * @param closed sessions that are closed but not gone yet
 */
public record Sent(int enqueued, int backPressured, int refused, int closed) {

    /**
     * Whether it reached the user at all.
     *
     * @return true if at least one session took it
     */
    public boolean isAccepted() {
        return enqueued > 0;
    }

    /**
     * Sessions that it was sent to.
     *
     * @return the sum
     */
    public int sessions() {
        return enqueued + backPressured + refused + closed;
    }
}
