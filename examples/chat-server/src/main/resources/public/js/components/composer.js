import { h } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { MAX_CONTENT } from '../chat.js';
import { tags } from '../tags.js';
import { useChat, useSelect } from './hooks.js';
import { Icon } from './icons.js';

const { form, textarea, button, output } = tags;

const COUNTER_FROM = MAX_CONTENT - 400;

export function Composer({ channelId }) {
  const chat = useChat();
  const name = useSelect((state) => state.channels[channelId]?.name);
  const [text, setText] = useState(chat.drafts.get(channelId) ?? '');
  const area = useRef();
  useGrowing(area, text);
  useFocus(area);

  const change = (value) => {
    setText(value);
    if (value) chat.drafts.set(channelId, value);
    else chat.drafts.delete(channelId);
  };
  const content = text.trim();
  const tooLong = content.length > MAX_CONTENT;
  const send = () => {
    if (!content || tooLong) return;
    chat.send(channelId, content);
    change('');
    area.current.focus();
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return; // Enter accepts a suggestion of the input method
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      const mine = lastOwnMessage(chat.store.state, channelId);
      if (!mine) return;
      event.preventDefault();
      chat.beginEdit(mine.id);
    }
  };

  return form(
    {
      class: tooLong ? 'composer too-long' : 'composer',
      onSubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    textarea({
      ref: area,
      rows: 1,
      value: text,
      placeholder: `Message #${name}`,
      'aria-label': `Message #${name}`,
      'aria-invalid': tooLong ? 'true' : undefined,
      enterkeyhint: 'send',
      'data-testid': 'composer',
      onInput: (event) => {
        change(event.target.value);
        if (event.target.value.trim()) chat.typing(channelId);
      },
      onKeyDown,
    }),
    content.length > COUNTER_FROM &&
      output(
        { class: 'counter', 'aria-live': 'polite', 'data-testid': 'counter' },
        tooLong ? `${content.length - MAX_CONTENT} too many` : `${MAX_CONTENT - content.length} left`,
      ),
    button(
      { class: 'send', type: 'submit', 'aria-label': 'Send', disabled: !content || tooLong, 'data-testid': 'send' },
      h(Icon, { name: 'send' }),
    ),
  );
}

function lastOwnMessage(state, channelId) {
  return state.histories[channelId]?.items.findLast((message) => message.author.id === state.me.id);
}

export function useGrowing(area, text) {
  useLayoutEffect(() => {
    const { style } = area.current;
    style.height = 'auto';
    style.height = `${area.current.scrollHeight}px`;
  }, [text]);
}

/** The composer has the focus on a machine with a keyboard, and takes what is typed while nothing else has it. */
function useFocus(area) {
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches && !document.querySelector('dialog[open]')) area.current.focus();
    const onKey = (event) => {
      const plain = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (plain && !document.activeElement.closest('input, textarea, button, a, dialog')) area.current.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
