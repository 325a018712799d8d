package dev.guildhall.bench;

/**
 * Many things of one kind whose memory is to be known. Opening it makes what all of them share and one of them; then the heap is looked
 * at, the rest is added, and it is looked at again.
 */
interface Hoard extends AutoCloseable {

    /** Adds as many as it was opened for, all as they are when nothing happens for a while. */
    void fill();

    @Override
    void close();
}
