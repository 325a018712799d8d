import { Fragment, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { tags } from '../tags.js';
import { useChat, useSelect } from './hooks.js';
import { Icon } from './icons.js';

const { div, span, button } = tags;

const TEXTS = { connecting: 'Connecting…', connected: 'Connected', reconnecting: 'Reconnecting…' };

/** A small light in the header: always there, quiet while all is well. */
export function ConnectionLight() {
  const state = useSelect((all) => all.connection.state);
  return span(
    { class: 'connection', role: 'status', 'data-testid': 'connection', 'data-state': state, title: TEXTS[state] },
    span({ class: 'connection-light', 'aria-hidden': 'true' }),
    span({ class: 'connection-text' }, TEXTS[state]),
  );
}

/** Says what is going on while the page has no connection, and when it tries again. */
export function ConnectionBanner() {
  const chat = useChat();
  const { state, retryAt } = useSelect((all) => all.connection);
  if (state !== 'reconnecting') return null;
  return div(
    { class: 'banner', 'data-testid': 'reconnecting' },
    h(Icon, { name: 'retry', size: 18 }),
    span(
      null,
      'Connection lost. ',
      retryAt ? h(Fragment, null, 'Trying again ', h(Countdown, { until: retryAt }), '.') : 'Reconnecting…',
    ),
    retryAt && button({ class: 'link', type: 'button', onClick: () => chat.reconnectNow() }, 'Try now'),
  );
}

function Countdown({ until }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
  return span({ class: 'countdown' }, seconds > 0 ? `in ${seconds} s` : 'now');
}
