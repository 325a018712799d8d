import { Component, h } from 'preact';
import { useMemo } from 'preact/hooks';
import { rowsOf } from '../rows.js';
import { memo, tags } from '../tags.js';
import { useChat, useSelect } from './hooks.js';
import { Icon } from './icons.js';
import { MessageRow, PendingRow } from './message-row.js';

const { div, p, h2, span, button } = tags;

const NEAR_TOP_PX = 600;
const NEAR_BOTTOM_PX = 60;

const NONE = [];

export function MessageList({ channelId }) {
  const chat = useChat();
  const history = useSelect((state) => state.histories[channelId]);
  const outbox = useSelect((state) => state.outbox[channelId] ?? NONE);
  const divider = useSelect((state) => state.dividers[channelId]);
  const me = useSelect((state) => state.me);
  const rows = useMemo(
    () => rowsOf(history?.items ?? NONE, outbox, me.id, divider),
    [history?.items, outbox, me.id, divider],
  );
  const channel = useSelect((state) => state.channels[channelId]);
  return h(Scroller, { chat, channel, history, rows, newest: channel.last_message_id });
}

/**
 * Keeps the place: at the bottom as long as the reader is there, at the same message when older ones are put above. The browser's
 * own scroll anchoring is off in the style sheet, because it does nothing at the very top.
 */
class Scroller extends Component {
  state = { away: false };
  #box = null;
  #atBottom = true;
  #resizes = null;

  componentDidMount() {
    this.#toBottom();
    this.#resizes = new ResizeObserver(() => this.#atBottom && this.#toBottom());
    this.#resizes.observe(this.#box);
    this.#resizes.observe(this.#box.firstElementChild);
    addEventListener('focus', this.#attend);
    this.#attend();
  }

  componentWillUnmount() {
    this.#resizes.disconnect();
    removeEventListener('focus', this.#attend);
  }

  getSnapshotBeforeUpdate() {
    return { fromEnd: this.#box.scrollHeight - this.#box.scrollTop };
  }

  componentDidUpdate(before, _, { fromEnd }) {
    const { rows, chat, newest } = this.props;
    const sent = rows.at(-1)?.kind === 'pending' && rows.at(-1).key !== before.rows.at(-1)?.key;
    if (this.#atBottom || sent) this.#toBottom();
    else if (rows !== before.rows && firstKey(rows) !== firstKey(before.rows)) {
      this.#box.scrollTop = this.#box.scrollHeight - fromEnd;
    }
    if (rows !== before.rows || newest !== before.newest) {
      this.#attend();
      if (this.#atBottom) chat.trimHistory();
    }
    this.#loadIfNearTop();
  }

  #toBottom = () => {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#noteBottom();
  };

  #noteBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    this.#atBottom = scrollHeight - scrollTop - clientHeight <= NEAR_BOTTOM_PX;
    if (this.state.away === this.#atBottom) this.setState({ away: !this.#atBottom });
  }

  #onScroll = () => {
    this.#noteBottom();
    this.#attend();
    this.#loadIfNearTop();
  };

  /** What is at the bottom of a window that has the focus counts as read. */
  #attend = () => {
    if (this.#atBottom && document.visibilityState === 'visible' && document.hasFocus()) this.props.chat.markRead();
  };

  #loadIfNearTop() {
    const { chat, history } = this.props;
    if (this.#box.scrollTop < NEAR_TOP_PX && history?.items.length) chat.loadOlder();
  }

  render({ rows, channel, history, chat }, { away }) {
    return div(
      { class: 'messages-frame' },
      div(
        {
          class: 'messages',
          ref: (box) => (this.#box = box ?? this.#box),
          role: 'log',
          'aria-label': `Messages in ${channel.name}`,
          'aria-live': 'polite',
          'aria-busy': history?.loading ? 'true' : 'false',
          tabIndex: 0,
          'data-testid': 'messages',
          onScroll: this.#onScroll,
        },
        div(
          { class: 'messages-run' },
          h(Beginning, { channel, history, chat, empty: rows.length === 0 }),
          rows.map((row) => h(Row, { ...row, chat })),
        ),
      ),
      away &&
        button(
          { class: 'jump', type: 'button', 'data-testid': 'jump', onClick: this.#toBottom },
          h(Icon, { name: 'down', size: 16 }),
          'Newest messages',
        ),
    );
  }
}

function firstKey(rows) {
  return rows.find((row) => row.kind === 'message')?.key;
}

function Beginning({ channel, history, chat, empty }) {
  if (history?.failed) {
    return div(
      { class: 'history-note', role: 'alert' },
      p(null, history.failed),
      button({ class: 'button', type: 'button', onClick: () => chat.retryHistory() }, 'Try again'),
    );
  }
  if (!history?.complete) {
    return div({ class: 'history-note' }, div({ class: 'spinner' }), span({ class: 'hidden' }, 'Loading messages'));
  }
  return div(
    { class: 'beginning' },
    h(Icon, { name: 'hash', size: 28 }),
    h2(null, channel.name),
    p(
      { class: 'quiet' },
      empty
        ? 'Nobody has said anything here yet. The first word is yours.'
        : `This is where #${channel.name} begins.`,
    ),
  );
}

const Row = memo(({ kind, text, message, entry, head, chat }) => {
  switch (kind) {
    case 'day':
      return div({ class: 'day', role: 'separator' }, span(null, text));
    case 'new':
      return div({ class: 'new', role: 'separator' }, span(null, 'New'));
    case 'pending':
      return h(PendingRow, { entry, head, chat });
    default:
      return h(MessageRow, { message, head, chat });
  }
});
