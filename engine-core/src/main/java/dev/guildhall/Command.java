package dev.guildhall;

/**
 * Something that can be asked of a guild's handler, and the type of the reply. Applications write records that implement it:
 *
 * <pre>{@code
 * record MemberCount() implements Command<Integer> {}
 *
 * int members = guild.ask(new MemberCount(), Duration.ofSeconds(1));
 * }</pre>
 *
 * @param <R> what {@link GuildHandler#onCommand} returns for it
 */
@SuppressWarnings("unused")
public interface Command<R> {}
