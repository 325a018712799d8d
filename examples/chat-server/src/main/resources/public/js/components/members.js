import { h } from 'preact';
import { useMemo } from 'preact/hooks';
import { membersByPresence, selectedGuild } from '../state/select.js';
import { memo, tags } from '../tags.js';
import { Avatar } from './avatar.js';
import { useChat, useSelect } from './hooks.js';
import { Icon } from './icons.js';

const { aside, header, h2, h3, ul, li, span, button, p } = tags;

const MOST_ROWS = 300;

export function Members() {
  const chat = useChat();
  const guild = useSelect(selectedGuild);
  const statuses = useSelect((state) => state.statuses);
  const status = useSelect((state) => state.status);
  const groups = useMemo(
    () => (guild ? membersByPresence(chat.store.state, guild) : { online: [], offline: [] }),
    [guild, statuses, status],
  );
  if (!guild) return null;
  return aside(
    { class: 'members', id: 'members', 'aria-label': 'Members', 'data-testid': 'members' },
    header(
      { class: 'members-head' },
      h2(null, 'Members'),
      button(
        {
          class: 'icon-button drawer-only',
          type: 'button',
          'aria-label': 'Close the member list',
          onClick: () => chat.setDrawer(null),
        },
        h(Icon, { name: 'close' }),
      ),
    ),
    h(Group, { title: 'Online', rows: groups.online, ownerId: guild.owner_id }),
    h(Group, { title: 'Offline', rows: groups.offline, ownerId: guild.owner_id }),
  );
}

function Group({ title, rows, ownerId }) {
  if (rows.length === 0) return null;
  return [
    h3({ key: 'title' }, `${title} — ${rows.length}`),
    ul(
      { key: 'rows' },
      rows
        .slice(0, MOST_ROWS)
        .map(({ id, name, status }) => h(Member, { key: id, id, name, status, owner: id === ownerId })),
    ),
    rows.length > MOST_ROWS && p({ key: 'more', class: 'quiet' }, `and ${rows.length - MOST_ROWS} more`),
  ];
}

const STATUS_NAMES = { online: 'online', idle: 'idle', dnd: 'do not disturb', offline: 'offline' };

const Member = memo(({ id, name, status, owner }) =>
  li(
    { class: 'member', 'data-testid': 'member', 'data-status': status, 'data-user-id': id },
    h(Avatar, { id, name, status }),
    span({ class: 'member-name' }, name),
    owner && span({ class: 'tag' }, 'owner'),
    span({ class: 'hidden' }, `, ${STATUS_NAMES[status]}`),
  ),
);
