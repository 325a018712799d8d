import { h } from 'preact';
import { guildsInOrder, unreadOfGuild } from '../state/select.js';
import { tags } from '../tags.js';
import { Avatar } from './avatar.js';
import { useChat, useSelect } from './hooks.js';
import { Icon, Mark } from './icons.js';

const { nav, ul, li, button, span, div } = tags;

export function Rail() {
  const chat = useChat();
  const guilds = useSelect((state) => state.guilds);
  return nav(
    { class: 'rail', 'aria-label': 'Guilds' },
    div({ class: 'rail-mark' }, h(Mark, { size: 36 })),
    ul(
      { class: 'rail-guilds' },
      guildsInOrder(guilds).map((guild) => h(GuildItem, { key: guild.id, guild })),
      li(
        null,
        h(RailButton, {
          icon: 'plus',
          text: 'Create a guild',
          testId: 'create-guild',
          onClick: () => chat.showDialog({ kind: 'create-guild' }),
        }),
      ),
      li(
        null,
        h(RailButton, {
          icon: 'key',
          text: 'Join with a code',
          testId: 'join-guild',
          onClick: () => chat.showDialog({ kind: 'join-guild' }),
        }),
      ),
    ),
  );
}

function RailButton({ icon, text, testId, onClick }) {
  return button(
    { class: 'rail-button', type: 'button', 'aria-label': text, title: text, 'data-testid': testId, onClick },
    h(Icon, { name: icon }),
  );
}

function GuildItem({ guild }) {
  const chat = useChat();
  const current = useSelect((state) => state.guildId === guild.id);
  const count = useSelect((state) => unreadOfGuild(state, guild.id).count);
  const unread = useSelect((state) => unreadOfGuild(state, guild.id).unread);
  const name = guild.name || 'Loading…';
  return li(
    { class: 'rail-item', 'data-unread': unread ? 'true' : 'false' },
    button(
      {
        class: 'rail-guild',
        type: 'button',
        'aria-current': current ? 'true' : undefined,
        'aria-label': unread ? `${name}, unread messages` : name,
        title: name,
        'data-testid': 'guild-item',
        'data-guild-id': guild.id,
        onClick: () => chat.openGuild(guild.id),
      },
      h(Avatar, { id: guild.id, name, square: true }),
      count > 0 && span({ class: 'badge', 'aria-hidden': 'true' }, count > 99 ? '99+' : count),
    ),
  );
}
