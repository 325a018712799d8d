import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { isUnread, selectedChannelId, selectedGuild, textChannels } from '../state/select.js';
import { tags } from '../tags.js';
import { useChat, useDismiss, useSelect } from './hooks.js';
import { Icon } from './icons.js';
import { SelfPanel } from './self-panel.js';

const { aside, header, h2, h3, nav, ul, li, button, span, div, p } = tags;

export function Sidebar() {
  const guild = useSelect(selectedGuild);
  return aside(
    { class: 'sidebar', 'aria-label': guild ? guild.name : 'Channels' },
    guild && !guild.unavailable ? h(GuildPart, { guild }) : h(NoGuild),
    h(SelfPanel),
  );
}

function NoGuild() {
  return div({ class: 'sidebar-main' }, header({ class: 'sidebar-head' }, h2(null, 'Guildhall')));
}

function GuildPart({ guild }) {
  const chat = useChat();
  const channels = useSelect((state) => state.channels);
  const channelId = useSelect(selectedChannelId);
  const owner = useSelect((state) => state.me.id === guild.owner_id);
  const listed = textChannels(channels, guild.id);
  return div(
    { class: 'sidebar-main' },
    header(
      { class: 'sidebar-head' },
      h(GuildMenu, { guild, owner }),
      button(
        {
          class: 'icon-button',
          type: 'button',
          'aria-label': 'Invite people',
          title: 'Invite people',
          'data-testid': 'invite',
          disabled: !channelId,
          onClick: () => chat.showDialog({ kind: 'invite', guildName: guild.name, channelId }),
        },
        h(Icon, { name: 'invite' }),
      ),
    ),
    nav(
      { class: 'channels', 'aria-label': 'Channels' },
      div(
        { class: 'section-head' },
        h3(null, 'Channels'),
        owner &&
          button(
            {
              class: 'icon-button small',
              type: 'button',
              'aria-label': 'Create a channel',
              title: 'Create a channel',
              'data-testid': 'create-channel',
              onClick: () => chat.showDialog({ kind: 'create-channel', guildId: guild.id }),
            },
            h(Icon, { name: 'plus', size: 16 }),
          ),
      ),
      listed.length === 0 && p({ class: 'quiet' }, 'There is no channel here yet.'),
      ul(
        null,
        listed.map((channel) => h(ChannelItem, { key: channel.id, channel, current: channel.id === channelId })),
      ),
    ),
  );
}

function ChannelItem({ channel, current }) {
  const chat = useChat();
  const unread = useSelect((state) => isUnread(state, channel));
  const count = useSelect((state) => state.counts[channel.id] ?? 0);
  return li(
    null,
    button(
      {
        class: 'channel',
        type: 'button',
        'aria-current': current ? 'page' : undefined,
        'data-unread': unread ? 'true' : 'false',
        'data-testid': 'channel-item',
        'data-channel-id': channel.id,
        onClick: () => chat.openChannel(channel.id),
      },
      h(Icon, { name: 'hash', size: 16 }),
      span({ class: 'channel-name' }, channel.name),
      unread && span({ class: 'hidden' }, ', unread messages'),
      unread && count > 0 && span({ class: 'badge', 'aria-hidden': 'true' }, count > 99 ? '99+' : count),
    ),
  );
}

function GuildMenu({ guild, owner }) {
  const chat = useChat();
  const [open, setOpen] = useState(false);
  const ref = useRef();
  const close = () => setOpen(false);
  useDismiss(ref, open, close);
  const item = (icon, text, dialog, danger = false) =>
    button(
      {
        class: danger ? 'menu-item danger' : 'menu-item',
        type: 'button',
        onClick: () => {
          close();
          chat.showDialog(dialog);
        },
      },
      h(Icon, { name: icon, size: 18 }),
      text,
    );
  return div(
    { class: 'guild-menu', ref },
    h2(
      null,
      button(
        {
          class: 'guild-name',
          type: 'button',
          'aria-expanded': open ? 'true' : 'false',
          'data-testid': 'guild-menu',
          onClick: () => setOpen(!open),
        },
        span(null, guild.name),
        h(Icon, { name: 'chevron', size: 16 }),
      ),
    ),
    open &&
      div(
        { class: 'menu' },
        item('invite', 'Invite people', {
          kind: 'invite',
          guildName: guild.name,
          channelId: selectedChannelId(chat.store.state),
        }),
        owner && item('hash', 'Create a channel', { kind: 'create-channel', guildId: guild.id }),
        !owner &&
          item('leave', 'Leave guild', { kind: 'leave-guild', guildId: guild.id, guildName: guild.name }, true),
      ),
  );
}
