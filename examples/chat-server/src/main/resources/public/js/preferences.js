// What the page remembers in this browser. A browser that refuses storage (private mode, full) costs the memory, not the chat.

const PREFIX = 'guildhall.';

function load(key, otherwise) {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function save(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // nothing to do: the value lives as long as the page
  }
}

export const preferences = {
  session: () => load('session', null),
  saveSession: (session) => save('session', session),

  theme: () => load('theme', 'system'),
  saveTheme: (theme) => save('theme', theme),

  /** Of one user, because several may use one browser. */
  ofUser: (userId) => {
    const stored = load(`user.${userId}`, {});
    return {
      status: stored.status ?? 'online',
      read: stored.read ?? {},
      guildId: stored.guildId ?? null,
      channelOf: stored.channelOf ?? {},
      membersShown: stored.membersShown ?? true,
    };
  },
  saveOfUser: (userId, { status, read, guildId, channelOf, membersShown }) =>
    save(`user.${userId}`, { status, read, guildId, channelOf, membersShown }),

  /** Calls back when another tab of this browser logs out. */
  onSessionRemoved: (callback) =>
    addEventListener('storage', (event) => {
      if (event.key === null || (event.key === `${PREFIX}session` && event.newValue === null)) callback();
    }),
};
