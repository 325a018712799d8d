// The lines of a channel: messages, and between them the days and the place where the unread ones begin. A message is a `head`
// (with avatar, name and time) when somebody else spoke before it, or the same person some time ago.

import { isNewer } from './ids.js';
import { dayKey, dayName } from './time.js';

const SAME_BREATH_MS = 7 * 60_000;

export function rowsOf(messages, outbox, myId, divider) {
  const rows = [];
  let before = null;
  let marked = divider === undefined;

  const add = (authorId, timestamp, row, isFirstNew = false) => {
    const day = dayKey(timestamp);
    const newDay = before?.day !== day;
    if (newDay) rows.push({ kind: 'day', key: `day-${day}`, text: dayName(timestamp) });
    if (isFirstNew) rows.push({ kind: 'new', key: 'new' });
    const time = Date.parse(timestamp);
    const head = newDay || isFirstNew || before.authorId !== authorId || time - before.time > SAME_BREATH_MS;
    rows.push({ ...row, head });
    before = { day, authorId, time };
  };

  for (const message of messages) {
    const isFirstNew = !marked && message.author.id !== myId && isNewer(message.id, divider);
    marked ||= isFirstNew;
    const key = message.localKey ?? message.id;
    add(message.author.id, message.timestamp, { kind: 'message', key, message }, isFirstNew);
  }
  for (const entry of outbox) add(myId, entry.timestamp, { kind: 'pending', key: entry.nonce, entry });
  return rows;
}
