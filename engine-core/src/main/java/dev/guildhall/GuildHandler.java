package dev.guildhall;

import org.jspecify.annotations.Nullable;

/**
 * Application code of one guild: it decides who gets in, what is published, and answers commands. A guild for which the
 * {@link GuildHandlerFactory} makes no handler is a plain topic.
 *
 * <p><b>Threads.</b> All calls for one guild are one after the other, each with everything that the calls before it wrote, on the
 * engine's executor for blocking code (a virtual thread by default). They may block; only their own guild waits. Each guild start
 * gets a handler of its own, so plain fields are the guild's state.
 *
 * <p><b>Failure.</b> Whatever a call throws, {@link RefusedException} apart, and a null where an answer is due, ends this handler.
 * The guild's subscribers are told {@link Event#GUILD_UNAVAILABLE}, the guild answers {@link Outcome#UNAVAILABLE}, and after a
 * {@linkplain GuildOptions back-off} a new handler is made and started, with a new epoch and {@link Event#GUILD_AVAILABLE}. What
 * waited in the guild's mailbox is handled then; the message that failed is not tried again. No other guild notices.
 */
public interface GuildHandler {

    /**
     * The guild starts: load its state here. What is published meanwhile waits in the mailbox.
     *
     * @param guild the handler's view of the guild, good for all later calls
     * @throws Exception anything; the guild is started again later
     */
    default void onStart(GuildContext guild) throws Exception {}

    /**
     * A session wants to subscribe.
     *
     * @param guild the guild
     * @param request who, and for what
     * @return whether, with which interests, and what the session is sent first; by default what it asks for
     * @throws Exception anything; {@link RefusedException} refuses
     */
    default Admission onSubscribe(GuildContext guild, SubscribeRequest request) throws Exception {
        return Admission.accept();
    }

    /**
     * An event is to be published.
     *
     * @param guild the guild
     * @param request the event, and who publishes it as far as that was said
     * @return whether, and which event in place of it; by default the same
     * @throws Exception anything; {@link RefusedException} refuses
     */
    default PublishDecision onPublish(GuildContext guild, PublishRequest request) throws Exception {
        return PublishDecision.accept();
    }

    /**
     * Somebody {@linkplain Guild#ask(Command) asks} something.
     *
     * @param guild the guild
     * @param command what is asked
     * @return the reply, of the type that the command promises; may be null
     * @throws Exception anything; {@link RefusedException} is passed to who asks
     */
    default @Nullable Object onCommand(GuildContext guild, Command<?> command) throws Exception {
        throw new RefusedException("this guild knows no " + command.getClass().getSimpleName());
    }

    /**
     * {@link GuildOptions#tickInterval} has passed since the start or the last tick's end.
     *
     * @param guild the guild
     * @throws Exception anything
     */
    default void onTick(GuildContext guild) throws Exception {}

    /**
     * The guild ends and its handler with it: save its state here. Not called after a failure. A successor of the guild does not start
     * before this returns.
     *
     * @param guild the guild; publishing in it is over, unless the engine closes
     * @param reason why
     * @throws Exception anything; it is logged
     */
    default void onStop(GuildContext guild, GuildStopReason reason) throws Exception {}
}
