import { h } from 'preact';
import { useEffect } from 'preact/hooks';
import { tags } from '../tags.js';
import { useChat, useSelect } from './hooks.js';
import { Icon } from './icons.js';

const { div, p, button } = tags;

const SHOWN_FOR_MS = 8_000;

export function Toasts() {
  const toasts = useSelect((state) => state.toasts);
  return div(
    { class: 'toasts', role: 'region', 'aria-label': 'Messages from Guildhall' },
    toasts.map((toast) => h(Toast, { key: toast.id, toast })),
  );
}

function Toast({ toast }) {
  const chat = useChat();
  useEffect(() => {
    const timer = setTimeout(() => chat.dismissToast(toast.id), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return div(
    { class: 'toast', role: 'alert', 'data-testid': 'error' },
    h(Icon, { name: 'alert' }),
    p(null, toast.text),
    button(
      { class: 'icon-button', type: 'button', 'aria-label': 'Dismiss', onClick: () => chat.dismissToast(toast.id) },
      h(Icon, { name: 'close', size: 16 }),
    ),
  );
}
