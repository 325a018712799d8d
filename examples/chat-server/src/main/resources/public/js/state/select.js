// Questions about the state. Pure, like the reducer.

import { compareIds, isNewer } from '../ids.js';

export function omit(map, key) {
  if (key == null || !(key in map)) return map;
  const { [key]: _, ...rest } = map;
  return rest;
}

export function selectedChannelId(state) {
  const channelId = state.channelOf[state.guildId];
  return state.channels[channelId]?.guild_id === state.guildId ? channelId : null;
}

export function selectedGuild(state) {
  return state.guilds[state.guildId] ?? null;
}

export function guildsInOrder(guilds) {
  return Object.values(guilds).sort((a, b) => compareIds(a.id, b.id));
}

export function textChannels(channels, guildId) {
  return Object.values(channels)
    .filter((channel) => channel.guild_id === guildId && channel.type === 0)
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0) || compareIds(a.id, b.id));
}

export function firstChannel(state, guildId) {
  return textChannels(state.channels, guildId)[0] ?? null;
}

export function findGuildOfChannel(state, channelId) {
  return state.channels[channelId]?.guild_id ?? null;
}

export function isUnread(state, channel) {
  return Boolean(channel.last_message_id) && isNewer(channel.last_message_id, state.read[channel.id]);
}

export function unreadOfGuild(state, guildId) {
  const unread = Object.values(state.channels).filter(
    (channel) => channel.guild_id === guildId && isUnread(state, channel),
  );
  return {
    unread: unread.length > 0,
    count: unread.reduce((sum, channel) => sum + (state.counts[channel.id] ?? 0), 0),
  };
}

export function nameOf(user, member) {
  return member?.nick || user?.global_name || user?.username || 'unknown';
}

/** The name of a message's author as this guild knows it now; somebody who left keeps the name of the message. */
export function authorName(state, message) {
  const guildId = state.channels[message.channel_id]?.guild_id;
  return nameOf(message.author, state.guilds[guildId]?.members[message.author.id]);
}

/** What others may see of a user: only the page's own user can be invisible, and is then shown as offline. */
export function statusOf(state, userId) {
  const status = userId === state.me?.id ? state.status : state.statuses[userId];
  return status === 'online' || status === 'idle' || status === 'dnd' ? status : 'offline';
}

/** Members by name, those who are there first. */
export function membersByPresence(state, guild) {
  const rows = Object.values(guild.members).map((member) => ({
    id: member.user.id,
    member,
    name: nameOf(member.user, member),
    status: statusOf(state, member.user.id),
  }));
  rows.sort((a, b) => a.name.localeCompare(b.name) || compareIds(a.id, b.id));
  return {
    online: rows.filter((row) => row.status !== 'offline'),
    offline: rows.filter((row) => row.status === 'offline'),
  };
}

export function typingNames(state, channelId) {
  const channel = state.channels[channelId];
  const members = state.guilds[channel?.guild_id]?.members ?? {};
  return Object.keys(state.typing[channelId] ?? {})
    .filter((userId) => userId !== state.me?.id)
    .map((userId) => nameOf(members[userId]?.user, members[userId]))
    .sort((a, b) => a.localeCompare(b));
}

export function typingSentence(names) {
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  if (names.length === 3) return `${names[0]}, ${names[1]} and ${names[2]} are typing…`;
  return 'Several people are typing…';
}
