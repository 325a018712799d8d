// What the gateway's events do to the state.

import { newest } from '../ids.js';
import { forgetMessage, insertLive, replaceMessage } from './messages.js';
import { omit } from './select.js';

const TYPING_LASTS_MS = 10_000;

export function onDispatch(state, event, data, now) {
  const handler = EVENTS[event];
  return handler ? handler(state, data, now) : state;
}

const EVENTS = {
  READY: (state, { user, guilds }) => {
    const listed = new Set(guilds.map((guild) => guild.id));
    const gone = Object.keys(state.guilds).filter((id) => !listed.has(id));
    const kept = gone.reduce(dropGuild, state);
    const arriving = guilds
      .filter((guild) => !kept.guilds[guild.id])
      .map((guild) => [guild.id, { id: guild.id, name: '', unavailable: true, members: {} }]);
    return {
      ...kept,
      me: user,
      ready: true,
      typing: {},
      guilds: { ...kept.guilds, ...Object.fromEntries(arriving) },
    };
  },

  GUILD_CREATE: (state, data) => {
    const { channels, members, presences = [], ...guild } = data;
    const listed = channels.map((channel) => ({ ...channel, guild_id: guild.id }));
    return {
      ...state,
      guilds: { ...state.guilds, [guild.id]: { ...guild, unavailable: false, members: byUser(members) } },
      channels: { ...withoutChannelsOf(state.channels, guild.id), ...keyed(listed) },
      statuses: { ...state.statuses, ...presencesOf(members, presences) },
      read: withMarkers(state.read, listed),
      histories: markStale(state.histories, listed),
    };
  },

  GUILD_UPDATE: (state, data) => {
    const guild = state.guilds[data.id];
    if (!guild) return state;
    const { name, icon, owner_id } = data;
    return { ...state, guilds: { ...state.guilds, [data.id]: { ...guild, name, icon, owner_id } } };
  },

  GUILD_DELETE: (state, { id, unavailable }) => {
    if (!unavailable) return dropGuild(state, id);
    const guild = state.guilds[id];
    return guild ? { ...state, guilds: { ...state.guilds, [id]: { ...guild, unavailable: true } } } : state;
  },

  GUILD_MEMBER_ADD: (state, { guild_id, ...member }) => withMembers(state, guild_id, [member], 1),
  GUILD_MEMBER_UPDATE: (state, { guild_id, ...member }) => withMembers(state, guild_id, [member], 0),
  GUILD_MEMBERS_CHUNK: (state, { guild_id, members, presences = [] }) => {
    const next = withMembers(state, guild_id, members, 0);
    const known = Object.fromEntries(presences.map((presence) => [presence.user.id, presence.status]));
    return presences.length ? { ...next, statuses: { ...next.statuses, ...known } } : next;
  },

  GUILD_MEMBER_REMOVE: (state, { guild_id, user }) => {
    const guild = state.guilds[guild_id];
    if (!guild?.members[user.id]) return state;
    const member_count = Math.max(0, (guild.member_count ?? 1) - 1);
    const members = omit(guild.members, user.id);
    return { ...state, guilds: { ...state.guilds, [guild_id]: { ...guild, member_count, members } } };
  },

  CHANNEL_CREATE: withChannel,
  CHANNEL_UPDATE: withChannel,
  CHANNEL_DELETE: (state, { id }) => ({
    ...state,
    channels: omit(state.channels, id),
    histories: omit(state.histories, id),
    outbox: omit(state.outbox, id),
  }),

  // Who leaves a guild is offline there, and may be online in another one.
  PRESENCE_UPDATE: (state, { guild_id, user, status }) =>
    state.statuses[user.id] === status || !state.guilds[guild_id]?.members[user.id]
      ? state
      : { ...state, statuses: { ...state.statuses, [user.id]: status } },

  TYPING_START: (state, { channel_id, user_id, member, guild_id }, now) => {
    const seen = member?.user && guild_id ? withMembers(state, guild_id, [member], 0) : state;
    const users = { ...seen.typing[channel_id], [user_id]: now + TYPING_LASTS_MS };
    return { ...seen, typing: { ...seen.typing, [channel_id]: users } };
  },

  MESSAGE_CREATE: (state, message) => insertLive(state, message),
  MESSAGE_UPDATE: (state, message) => replaceMessage(state, message),
  MESSAGE_DELETE: (state, { id, channel_id }) => forgetMessage(state, channel_id, id),
};

function withChannel(state, channel) {
  const known = state.channels[channel.id];
  const last_message_id = newest(channel.last_message_id ?? null, known?.last_message_id ?? null);
  return {
    ...state,
    channels: { ...state.channels, [channel.id]: { ...known, ...channel, last_message_id } },
    read: withMarkers(state.read, [channel]),
  };
}

function withMembers(state, guildId, members, joined) {
  const guild = state.guilds[guildId];
  if (!guild) return state;
  const added = byUser(members);
  const isNew = joined && Object.keys(added).some((id) => !guild.members[id]);
  const next = {
    ...guild,
    member_count: (guild.member_count ?? 0) + (isNew ? joined : 0),
    members: { ...guild.members, ...added },
  };
  return { ...state, guilds: { ...state.guilds, [guildId]: next } };
}

function dropGuild(state, id) {
  const channels = Object.values(state.channels).filter((channel) => channel.guild_id === id);
  const without = (map) => channels.reduce((left, channel) => omit(left, channel.id), map);
  return {
    ...state,
    guilds: omit(state.guilds, id),
    channels: without(state.channels),
    histories: without(state.histories),
    outbox: without(state.outbox),
    typing: without(state.typing),
    counts: without(state.counts),
  };
}

function withoutChannelsOf(channels, guildId) {
  return Object.fromEntries(Object.entries(channels).filter(([, channel]) => channel.guild_id !== guildId));
}

/** A channel that was never seen before has nothing unread: its past is not news. */
function withMarkers(read, channels) {
  const unknown = channels.filter((channel) => !(channel.id in read));
  if (unknown.length === 0) return read;
  return { ...read, ...Object.fromEntries(unknown.map((channel) => [channel.id, channel.last_message_id ?? '0'])) };
}

/** The guild was out of sight for a moment, so behind what is known of its messages some may be missing. */
function markStale(histories, channels) {
  const known = channels.filter((channel) => histories[channel.id] && !histories[channel.id].staleFrom);
  if (known.length === 0) return histories;
  return {
    ...histories,
    ...Object.fromEntries(
      known.map(({ id }) => [id, { ...histories[id], staleFrom: histories[id].items.at(-1)?.id ?? '0' }]),
    ),
  };
}

function presencesOf(members, presences) {
  return {
    ...Object.fromEntries(members.map((member) => [member.user.id, 'offline'])),
    ...Object.fromEntries(presences.map((presence) => [presence.user.id, presence.status])),
  };
}

function byUser(members) {
  return Object.fromEntries(members.map((member) => [member.user.id, member]));
}

function keyed(list) {
  return Object.fromEntries(list.map((each) => [each.id, each]));
}
