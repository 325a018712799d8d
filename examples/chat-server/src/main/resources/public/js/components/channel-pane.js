import { h } from 'preact';
import { selectedChannelId, selectedGuild, typingNames, typingSentence } from '../state/select.js';
import { tags } from '../tags.js';
import { Composer } from './composer.js';
import { ConnectionBanner, ConnectionLight } from './connection.js';
import { useChat, useSelect } from './hooks.js';
import { Icon, Mark } from './icons.js';
import { MessageList } from './message-list.js';

const { main, header, h1, div, p, span, button, h2 } = tags;

export function ChannelPane() {
  const channelId = useSelect(selectedChannelId);
  const guild = useSelect(selectedGuild);
  const ready = useSelect((state) => state.ready);
  return main(
    { class: 'pane' },
    h(PaneHead, { channelId, guild }),
    h(ConnectionBanner),
    channelId
      ? [
          h(MessageList, { key: `messages-${channelId}`, channelId }),
          h(TypingLine, { key: `typing-${channelId}`, channelId }),
          h(Composer, { key: `composer-${channelId}`, channelId }),
        ]
      : h(Empty, { ready, guild }),
  );
}

function PaneHead({ channelId, guild }) {
  const chat = useChat();
  const channel = useSelect((state) => state.channels[channelId]);
  const shown = useSelect((state) => state.membersShown);
  const drawer = useSelect((state) => state.drawer);
  const toggleMembers = () => {
    if (matchMedia('(max-width: 1023px)').matches) chat.setDrawer(drawer === 'members' ? null : 'members');
    else chat.showMembers(!shown);
  };
  return header(
    { class: 'pane-head' },
    button(
      {
        class: 'icon-button nav-button',
        type: 'button',
        'aria-label': 'Guilds and channels',
        'aria-controls': 'nav',
        'aria-expanded': drawer === 'nav' ? 'true' : 'false',
        'data-testid': 'open-nav',
        onClick: () => chat.setDrawer(drawer === 'nav' ? null : 'nav'),
      },
      h(Icon, { name: 'menu' }),
    ),
    channel && h(Icon, { name: 'hash' }),
    h1(null, channel?.name ?? guild?.name ?? 'Welcome'),
    channel?.topic && span({ class: 'topic', title: channel.topic }, channel.topic),
    h(ConnectionLight),
    guild &&
      button(
        {
          class: 'icon-button',
          type: 'button',
          'aria-label': 'Member list',
          title: 'Member list',
          'aria-controls': 'members',
          'data-testid': 'toggle-members',
          onClick: toggleMembers,
        },
        h(Icon, { name: 'people' }),
      ),
  );
}

function TypingLine({ channelId }) {
  const sentence = useSelect((state) => typingSentence(typingNames(state, channelId)));
  return div(
    { class: 'typing', 'aria-live': 'polite', 'data-testid': 'typing' },
    sentence && span({ class: 'typing-dots', 'aria-hidden': 'true' }, span(), span(), span()),
    span({ class: 'typing-text' }, sentence),
  );
}

function Empty({ ready, guild }) {
  const chat = useChat();
  if (!ready || guild?.unavailable) {
    return div({ class: 'empty', role: 'status' }, div({ class: 'spinner' }), p({ class: 'quiet' }, 'Opening the doors…'));
  }
  if (guild) {
    return div({ class: 'empty' }, h2(null, 'No channel here yet'), p({ class: 'quiet' }, 'The owner can create one.'));
  }
  return div(
    { class: 'empty' },
    h(Mark, { size: 72 }),
    h2(null, 'The hall is quiet'),
    p({ class: 'quiet' }, 'Found a guild and invite the people you want to talk to, or join theirs with a code.'),
    div(
      { class: 'empty-actions' },
      button(
        { class: 'button primary', type: 'button', onClick: () => chat.showDialog({ kind: 'create-guild' }) },
        h(Icon, { name: 'plus', size: 18 }),
        'Create a guild',
      ),
      button(
        { class: 'button', type: 'button', onClick: () => chat.showDialog({ kind: 'join-guild' }) },
        h(Icon, { name: 'key', size: 18 }),
        'Join with a code',
      ),
    ),
  );
}
