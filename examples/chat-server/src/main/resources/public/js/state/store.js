// The state of the page and everything that can happen to it. `reduce` is a pure function of state and action: no clock, no
// network, no storage. Whatever it does not change keeps its identity, so a view can tell by comparing references.

import { compareIds } from '../ids.js';
import { onDispatch } from './events.js';
import { onMessageAction } from './messages.js';
import { findGuildOfChannel, firstChannel, isUnread, omit } from './select.js';

export function initialState({ theme = 'system', status = 'online', read = {}, lastGuild = null, lastChannels = {} } = {}) {
  return {
    me: null,
    ready: false,
    notice: null,
    connection: { state: 'connecting', retryAt: null, attempt: 0 },
    guilds: {},
    channels: {},
    statuses: {},
    histories: {},
    outbox: {},
    typing: {},
    read,
    counts: {},
    dividers: {},
    guildId: lastGuild,
    channelOf: lastChannels,
    status,
    theme,
    editing: null,
    dialog: null,
    drawer: null,
    membersShown: true,
    toasts: [],
  };
}

export function createStore(state, reducer = reduce) {
  const listeners = new Set();
  return {
    get state() {
      return state;
    },
    dispatch(action) {
      const next = reducer(state, action);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener(state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function reduce(state, action) {
  if (action.type === 'dispatch') return keepSelection(onDispatch(state, action.event, action.data, action.now));
  const handler = HANDLERS[action.type];
  return handler ? handler(state, action) : onMessageAction(state, action);
}

const HANDLERS = {
  'signed-in': (state, { user }) => ({ ...state, me: user, notice: null }),

  'signed-out': (state, { notice = null }) => ({
    ...initialState({ theme: state.theme, status: 'online' }),
    membersShown: state.membersShown,
    notice,
  }),

  'preferences-loaded': (state, { preferences }) => ({ ...state, ...preferences }),

  connection: (state, { connection }) => ({ ...state, connection }),

  /** A guild just created or joined; its channels and members come with the gateway's event, before or after this. */
  'guild-entered': (state, { guild }) => {
    if (state.guilds[guild.id]) return reduce(state, { type: 'guild-selected', guildId: guild.id });
    const arriving = { id: guild.id, name: guild.name, unavailable: true, members: {} };
    return { ...state, guilds: { ...state.guilds, [guild.id]: arriving }, guildId: guild.id };
  },

  'guild-selected': (state, { guildId }) => openChannel({ ...state, guildId }, currentChannel(state, guildId)),

  'channel-selected': (state, { channelId }) => {
    const guildId = findGuildOfChannel(state, channelId);
    if (!guildId) return state;
    return openChannel({ ...state, guildId, drawer: null }, channelId);
  },

  read: (state, { channelId }) => {
    const channel = state.channels[channelId];
    if (!channel || !isUnread(state, channel)) return state;
    return {
      ...state,
      read: { ...state.read, [channelId]: channel.last_message_id },
      counts: omit(state.counts, channelId),
    };
  },

  'typing-expired': (state, { now }) => expireTyping(state, now),

  status: (state, { status }) => ({ ...state, status }),
  theme: (state, { theme }) => ({ ...state, theme }),
  dialog: (state, { dialog }) => ({ ...state, dialog }),
  drawer: (state, { drawer }) => (state.drawer === drawer ? state : { ...state, drawer }),
  'members-shown': (state, { shown }) => ({ ...state, membersShown: shown }),
  editing: (state, { messageId }) => ({ ...state, editing: messageId }),

  toast: (state, { toast }) => ({
    ...state,
    toasts: [...state.toasts.filter((each) => each.text !== toast.text), toast].slice(-3),
  }),
  'toast-gone': (state, { id }) => ({ ...state, toasts: state.toasts.filter((toast) => toast.id !== id) }),
};

function currentChannel(state, guildId) {
  const remembered = state.channelOf[guildId];
  return state.channels[remembered]?.guild_id === guildId ? remembered : firstChannel(state, guildId)?.id;
}

/** Shows a channel; what came while it was not looked at begins below a divider. */
function openChannel(state, channelId) {
  if (!channelId) return state;
  const guildId = state.channels[channelId].guild_id;
  const before = state.channelOf[guildId];
  const dividers = omit(state.dividers, before === channelId ? null : before);
  const unread = isUnread(state, state.channels[channelId]);
  return {
    ...state,
    editing: null,
    channelOf: { ...state.channelOf, [guildId]: channelId },
    dividers: unread ? { ...dividers, [channelId]: state.read[channelId] ?? '0' } : dividers,
  };
}

/** After guilds or channels came or went, the selection still names something that exists. */
function keepSelection(state) {
  if (!state.ready) return state;
  const known = state.guilds[state.guildId];
  if (known && (known.unavailable || state.channels[state.channelOf[known.id]]?.guild_id === known.id)) return state;
  const guildId = known
    ? known.id
    : (Object.keys(state.guilds).sort(compareIds).find((id) => !state.guilds[id].unavailable) ?? null);
  if (guildId === null) return state.guildId === null || !allAvailable(state) ? state : { ...state, guildId: null };
  const channelId = currentChannel(state, guildId);
  return openChannel({ ...state, guildId }, channelId);
}

/** While guilds are still arriving, the remembered one is waited for. */
function allAvailable(state) {
  return Object.values(state.guilds).every((guild) => !guild.unavailable);
}

function expireTyping(state, now) {
  let typing = state.typing;
  for (const [channelId, users] of Object.entries(typing)) {
    const left = Object.fromEntries(Object.entries(users).filter(([, until]) => until > now));
    if (Object.keys(left).length === Object.keys(users).length) continue;
    typing = Object.keys(left).length ? { ...typing, [channelId]: left } : omit(typing, channelId);
  }
  return typing === state.typing ? state : { ...state, typing };
}
