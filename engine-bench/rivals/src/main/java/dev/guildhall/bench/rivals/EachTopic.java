package dev.guildhall.bench.rivals;

import dev.guildhall.bench.FanOut;
import java.util.List;

/** Topics that know nothing of each other. */
record EachTopic(List<? extends FanOut> topics) implements FanOut {

    @Override
    public void publish() {
        topics.forEach(FanOut::publish);
    }

    @Override
    public void close() {
        topics.forEach(FanOut::close);
    }
}
