import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { nameOf } from '../state/select.js';
import { tags } from '../tags.js';
import { Avatar } from './avatar.js';
import { useChat, useDismiss, useSelect } from './hooks.js';
import { Icon } from './icons.js';
import { ThemePicker } from './theme-picker.js';

const { div, button, span, strong, fieldset, legend, label, input } = tags;

const STATUSES = [
  ['online', 'Online', 'Here and happy to talk'],
  ['idle', 'Idle', 'Away for a while'],
  ['dnd', 'Do not disturb', 'Here, but busy'],
  ['invisible', 'Invisible', 'Looks offline to others'],
];

/** The person using the page: name, status, theme, log out. */
export function SelfPanel() {
  const me = useSelect((state) => state.me);
  const status = useSelect((state) => state.status);
  const [open, setOpen] = useState(false);
  const ref = useRef();
  useDismiss(ref, open, () => setOpen(false));
  return div(
    { class: 'self', ref },
    open && h(SelfMenu, { close: () => setOpen(false) }),
    button(
      {
        class: 'self-button',
        type: 'button',
        'aria-expanded': open ? 'true' : 'false',
        'data-testid': 'self',
        onClick: () => setOpen(!open),
      },
      h(Avatar, { id: me.id, name: nameOf(me), status }),
      span(
        { class: 'self-text' },
        strong(null, nameOf(me)),
        span({ class: 'quiet' }, STATUSES.find(([each]) => each === status)?.[1] ?? 'Online'),
      ),
      h(Icon, { name: 'chevron', size: 16 }),
    ),
  );
}

function SelfMenu({ close }) {
  const chat = useChat();
  const status = useSelect((state) => state.status);
  return div(
    { class: 'menu up', 'data-testid': 'self-menu' },
    fieldset(
      { class: 'statuses' },
      legend(null, 'Status'),
      STATUSES.map(([value, text, hint]) =>
        label(
          { key: value, class: 'menu-item status' },
          input({
            class: 'hidden',
            type: 'radio',
            name: 'status',
            value,
            checked: value === status,
            'data-testid': `status-${value}`,
            // An arrow key clicks as well, but without a detail: who is still choosing keeps the menu.
            onClick: (event) => {
              chat.setStatus(value);
              if (event.detail > 0) close();
            },
          }),
          span({ class: 'presence-dot', 'data-status': value, 'aria-hidden': 'true' }),
          span(null, text, span({ class: 'quiet' }, hint)),
        ),
      ),
    ),
    div({ class: 'menu-row' }, span({ class: 'menu-title' }, 'Theme'), h(ThemePicker)),
    button(
      { class: 'menu-item', type: 'button', 'data-testid': 'logout', onClick: () => chat.logOut() },
      h(Icon, { name: 'leave', size: 18 }),
      'Log out',
    ),
  );
}
