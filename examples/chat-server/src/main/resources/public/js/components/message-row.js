import { Fragment, h } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { MAX_CONTENT } from '../chat.js';
import { authorName, nameOf, selectedChannelId } from '../state/select.js';
import { tags } from '../tags.js';
import { pieces } from '../text.js';
import { clockTime, fullTime, shortTime } from '../time.js';
import { Avatar } from './avatar.js';
import { useGrowing } from './composer.js';
import { useSelect } from './hooks.js';
import { Icon } from './icons.js';

const { article, div, span, p, a, time, button, textarea } = tags;

export function MessageRow({ message, head, chat }) {
  const name = useSelect((state) => authorName(state, message));
  const mine = useSelect((state) => message.author.id === state.me.id);
  const owner = useSelect((state) => {
    const channel = state.channels[message.channel_id];
    return state.guilds[channel?.guild_id]?.owner_id === state.me.id;
  });
  const editing = useSelect((state) => state.editing === message.id);
  return article(
    {
      class: head ? 'message head' : 'message',
      tabIndex: -1, // a tap gives it the focus, which shows its actions
      'data-testid': 'message',
      'data-message-id': message.id,
      'data-editing': editing ? 'true' : undefined,
    },
    h(Gutter, { head, id: message.author.id, name, timestamp: message.timestamp }),
    div(
      { class: 'message-body' },
      h(Byline, { head, name, timestamp: message.timestamp }),
      editing
        ? h(Editor, { message, chat })
        : h(Content, { text: message.content, edited: message.edited_timestamp }),
    ),
    !editing && (mine || owner) && h(Actions, { message, mine, name, chat }),
  );
}

/** A message that this page has sent and the server has not confirmed. */
export function PendingRow({ entry, head, chat }) {
  const me = useSelect((state) => state.me);
  const channelId = useSelect(selectedChannelId);
  const failed = entry.state === 'failed';
  return article(
    {
      class: head ? 'message head pending' : 'message pending',
      'data-testid': 'message',
      'data-pending': entry.state,
    },
    h(Gutter, { head, id: me.id, name: nameOf(me), timestamp: entry.timestamp }),
    div(
      { class: 'message-body' },
      h(Byline, { head, name: nameOf(me), timestamp: entry.timestamp }),
      h(Content, { text: entry.content }),
      failed &&
        div(
          { class: 'failure', role: 'alert' },
          span(null, `Not sent: ${entry.reason}`),
          button(
            { class: 'link', type: 'button', 'data-testid': 'retry', onClick: () => chat.retry(channelId, entry) },
            'Try again',
          ),
          button({ class: 'link', type: 'button', onClick: () => chat.discard(channelId, entry) }, 'Discard'),
        ),
    ),
  );
}

function Gutter({ head, id, name, timestamp }) {
  return div(
    { class: 'gutter' },
    head ? h(Avatar, { id, name }) : span({ class: 'gutter-time', 'aria-hidden': 'true' }, shortTime(timestamp)),
  );
}

/** A message that continues another has its author for the ear only. */
function Byline({ head, name, timestamp }) {
  return div(
    { class: head ? 'byline' : 'byline hidden' },
    span({ class: 'author', 'data-testid': 'message-author' }, name),
    time({ dateTime: timestamp, title: fullTime(timestamp) }, clockTime(timestamp)),
  );
}

function Content({ text, edited }) {
  const parts = useMemo(() => pieces(text), [text]);
  return p(
    { class: 'content' },
    span(
      { 'data-testid': 'message-content' },
      parts.map((part) =>
        part.href ? a({ href: part.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, part.text) : part.text,
      ),
    ),
    edited && span({ class: 'edited', title: `Edited ${fullTime(edited)}` }, ' (edited)'),
  );
}

function Actions({ message, mine, name, chat }) {
  const remove = (event) => {
    if (event.shiftKey) chat.removeNow(message);
    else chat.showDialog({ kind: 'delete-message', message, name });
  };
  return div(
    { class: 'actions', role: 'group', 'aria-label': 'Message actions' },
    mine &&
      button(
        {
          class: 'icon-button small',
          type: 'button',
          'aria-label': 'Edit message',
          title: 'Edit',
          'data-testid': 'edit',
          onClick: () => chat.beginEdit(message.id),
        },
        h(Icon, { name: 'edit', size: 16 }),
      ),
    button(
      {
        class: 'icon-button small danger',
        type: 'button',
        'aria-label': 'Delete message',
        title: 'Delete (with Shift: at once)',
        'data-testid': 'delete',
        onClick: remove,
      },
      h(Icon, { name: 'trash', size: 16 }),
    ),
  );
}

function Editor({ message, chat }) {
  const [text, setText] = useState(message.content);
  const area = useRef();
  useGrowing(area, text);
  useLayoutEffect(() => {
    area.current.focus();
    area.current.setSelectionRange(text.length, text.length);
  }, []);
  const content = text.trim();
  const tooLong = content.length > MAX_CONTENT;
  useLayoutEffect(() => () => document.querySelector('.composer textarea')?.focus(), []);
  const end = () => chat.endEdit();
  const save = () => content && !tooLong && chat.edit(message, content);
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      end();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  };
  return div(
    { class: 'editor' },
    textarea({
      ref: area,
      rows: 1,
      value: text,
      'aria-label': 'Edit message',
      'aria-invalid': tooLong ? 'true' : undefined,
      'data-testid': 'editor',
      onInput: (event) => setText(event.target.value),
      onKeyDown,
    }),
    div(
      { class: 'editor-hint quiet' },
      tooLong
        ? `${content.length - MAX_CONTENT} too many`
        : h(
            Fragment,
            null,
            'Enter to ',
            button({ class: 'link', type: 'button', onClick: save }, 'save'),
            ', Escape to ',
            button({ class: 'link', type: 'button', onClick: end }, 'cancel'),
          ),
    ),
  );
}
