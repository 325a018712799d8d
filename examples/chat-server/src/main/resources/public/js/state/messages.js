// The messages of a channel as this page knows them: a contiguous run up to the newest, in the order of their ids, and beside
// it the outbox of what was written here and is not confirmed. The same message may arrive up to three times (as the answer to
// its post, as an event, in a page of history), in any order; by its id it is taken once. After a lost connection messages may
// be missing behind `staleFrom`, the newest id known then, although newer ones arrive already.

import { compareIds, isNewer, newest } from '../ids.js';
import { omit } from './select.js';

const KEPT_AT_BOTTOM = 300;

const EMPTY = { items: [], complete: false, loading: false, staleFrom: null, failed: null, gone: {} };

export function onMessageAction(state, action) {
  const handler = ACTIONS[action.type];
  return handler ? handler(state, action) : state;
}

const ACTIONS = {
  'history-loading': (state, { channelId }) => withHistory(state, channelId, { loading: true, failed: null }),

  'history-failed': (state, { channelId, reason }) =>
    withHistory(state, channelId, { loading: false, failed: reason }),

  /** A page of history, oldest first, that ends where the known run begins. */
  'history-loaded': (state, { channelId, messages, complete }) =>
    withHistory(takeAll(state, channelId, messages), channelId, {
      loading: false,
      failed: null,
      staleFrom: state.histories[channelId]?.items.length ? state.histories[channelId].staleFrom : null,
      complete,
    }),

  /** Messages that were missed, next to the known run. */
  'missed-loaded': (state, { channelId, messages }) => takeAll(state, channelId, messages),

  /** The last page up to a known message, once more: what it spans and does not hold was deleted meanwhile. */
  reconciled: (state, { channelId, messages, upTo, whole }) => {
    const history = state.histories[channelId];
    if (!history) return state;
    const listed = new Set(messages.map((message) => message.id));
    const spans = (id) => (whole || !isNewer(messages[0].id, id)) && !isNewer(id, upTo);
    const items = history.items.filter((message) => listed.has(message.id) || !spans(message.id));
    const next = withHistory(state, channelId, { items, failed: null, complete: whole || history.complete });
    return takeAll(next, channelId, messages);
  },

  'caught-up': (state, { channelId }) => withHistory(state, channelId, { staleFrom: null }),

  /** Too much was missed to fetch it all: the run starts anew from its newest page. */
  'history-dropped': (state, { channelId }) => ({ ...state, histories: omit(state.histories, channelId) }),

  'message-sending': (state, { channelId, entry }) =>
    withOutbox(
      { ...state, dividers: omit(state.dividers, channelId) },
      channelId,
      (entries) => [...entries, { ...entry, state: 'sending', reason: null }],
    ),

  'message-failed': (state, { channelId, nonce, reason }) =>
    withOutbox(state, channelId, (entries) =>
      entries.map((entry) => (entry.nonce === nonce ? { ...entry, state: 'failed', reason } : entry)),
    ),

  'message-retried': (state, { channelId, nonce }) =>
    withOutbox(state, channelId, (entries) => {
      const entry = entries.find((each) => each.nonce === nonce);
      return [...entries.filter((each) => each !== entry), { ...entry, state: 'sending', reason: null }];
    }),

  'message-discarded': (state, { channelId, nonce }) =>
    withOutbox(state, channelId, (entries) => entries.filter((entry) => entry.nonce !== nonce)),

  'message-sent': (state, { message, nonce }) => insertLive(state, { ...message, nonce }),
  'message-edited': (state, { message }) => replaceMessage(state, message),
  'message-deleted': (state, { channelId, messageId }) => forgetMessage(state, channelId, messageId),

  /** While the newest message is on the screen, the far past need not be kept. */
  'history-trimmed': (state, { channelId }) => {
    const history = state.histories[channelId];
    if (!history || history.items.length <= KEPT_AT_BOTTOM * 1.5) return state;
    return withHistory(state, channelId, { items: history.items.slice(-KEPT_AT_BOTTOM), complete: false });
  },
};

/** A message of this moment: an event, or the answer to a post of this page. */
export function insertLive(state, message) {
  const channelId = message.channel_id;
  const mine = message.author.id === state.me?.id;
  const known = state.channels[channelId];
  const fresh = isNewer(message.id, known?.last_message_id);
  let next = take(state, channelId, message);
  next = { ...next, typing: withoutTyping(next.typing, channelId, message.author.id) };
  if (!known) return next;
  next.channels = {
    ...next.channels,
    [channelId]: { ...known, last_message_id: newest(message.id, known.last_message_id) },
  };
  if (mine) {
    next.read = { ...next.read, [channelId]: newest(message.id, next.read[channelId]) };
    next.counts = omit(next.counts, channelId);
  } else if (fresh) {
    next.counts = { ...next.counts, [channelId]: (next.counts[channelId] ?? 0) + 1 };
  }
  return next;
}

export function replaceMessage(state, message) {
  const history = state.histories[message.channel_id];
  const index = history?.items.findIndex((each) => each.id === message.id) ?? -1;
  if (index < 0) return state;
  const items = history.items.with(index, { ...history.items[index], ...message });
  return withHistory(state, message.channel_id, { items });
}

export function forgetMessage(state, channelId, messageId) {
  const history = state.histories[channelId];
  if (!history) return state;
  const next = withHistory(state, channelId, {
    items: history.items.filter((message) => message.id !== messageId),
    gone: { ...history.gone, [messageId]: true },
  });
  return next.editing === messageId ? { ...next, editing: null } : next;
}

function takeAll(state, channelId, messages) {
  const opened = withHistory(state, channelId, {});
  return messages.reduce((next, message) => take(next, channelId, message), opened);
}

/** Into the run by id, and out of the outbox by nonce. A channel that was never opened keeps no run. */
function take(state, channelId, message) {
  const waiting = (state.outbox[channelId] ?? []).find(
    (entry) => entry.nonce === message.nonce && message.author.id === state.me?.id,
  );
  const next = waiting
    ? withOutbox(state, channelId, (entries) => entries.filter((entry) => entry !== waiting))
    : state;
  const history = next.histories[channelId];
  if (!history || history.gone[message.id]) return next;
  const localKey = waiting?.nonce;
  return withHistory(next, channelId, { items: insertById(history.items, localKey ? { ...message, localKey } : message) });
}

function insertById(items, message) {
  let at = items.length;
  while (at > 0 && compareIds(items[at - 1].id, message.id) > 0) at--;
  const same = items[at - 1];
  if (same?.id !== message.id) return items.toSpliced(at, 0, message);
  if ((same.edited_timestamp ?? '') > (message.edited_timestamp ?? '')) return items;
  return items.with(at - 1, { ...same, ...message });
}

function withHistory(state, channelId, change) {
  const history = { ...(state.histories[channelId] ?? EMPTY), ...change };
  return { ...state, histories: { ...state.histories, [channelId]: history } };
}

function withOutbox(state, channelId, change) {
  const entries = change(state.outbox[channelId] ?? []);
  const outbox = entries.length ? { ...state.outbox, [channelId]: entries } : omit(state.outbox, channelId);
  return { ...state, outbox };
}

function withoutTyping(typing, channelId, userId) {
  if (!typing[channelId]?.[userId]) return typing;
  const left = omit(typing[channelId], userId);
  return Object.keys(left).length ? { ...typing, [channelId]: left } : omit(typing, channelId);
}
