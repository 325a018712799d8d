import { Fragment, h } from 'preact';
import { useEffect } from 'preact/hooks';
import { selectedChannelId, selectedGuild, unreadOfGuild } from '../state/select.js';
import { tags } from '../tags.js';
import { ChannelPane } from './channel-pane.js';
import { Dialogs } from './dialogs.js';
import { ChatContext, useChat, useSelect } from './hooks.js';
import { Login } from './login.js';
import { Members } from './members.js';
import { Rail } from './rail.js';
import { Sidebar } from './sidebar.js';
import { Toasts } from './toasts.js';

const { div } = tags;

const INVITE_IN_ADDRESS = /^#join=([\w-]{1,64})$/;

export function App({ chat }) {
  return h(ChatContext.Provider, { value: chat }, h(Theme), h(Page), h(Toasts));
}

function Theme() {
  const theme = useSelect((state) => state.theme);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return null;
}

function Page() {
  const signedIn = useSelect((state) => state.me !== null);
  return signedIn ? h(Hall) : h(Login);
}

function Hall() {
  const chat = useChat();
  const drawer = useSelect((state) => state.drawer);
  const membersShown = useSelect((state) => state.membersShown && selectedGuild(state) !== null);
  useEffect(() => {
    const invited = INVITE_IN_ADDRESS.exec(location.hash);
    if (!invited) return;
    history.replaceState(null, '', location.pathname);
    chat.showDialog({ kind: 'join-guild', code: invited[1] });
  }, []);
  useEffect(() => {
    const onKey = (event) => event.key === 'Escape' && chat.setDrawer(null);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return h(
    Fragment,
    null,
    h(Title),
    div(
      { class: 'hall', 'data-drawer': drawer ?? 'none', 'data-members': membersShown ? 'shown' : 'hidden' },
      div({ class: 'nav', id: 'nav' }, h(Rail), h(Sidebar)),
      h(ChannelPane),
      h(Members),
      div({ class: 'scrim', onClick: () => chat.setDrawer(null) }),
    ),
    h(Dialogs),
  );
}

/** The tab says where one is, and whether something is unread. */
function Title() {
  const title = useSelect((state) => {
    const channel = state.channels[selectedChannelId(state)];
    const guild = selectedGuild(state);
    const place = guild && channel ? `#${channel.name} · ${guild.name} · ` : '';
    const elsewhere = Object.keys(state.guilds).map((id) => unreadOfGuild(state, id));
    const count = elsewhere.reduce((sum, each) => sum + each.count, 0);
    const mark = count > 0 ? `(${count}) ` : elsewhere.some((each) => each.unread) ? '• ' : '';
    return `${mark}${place}Guildhall`;
  });
  useEffect(() => {
    document.title = title;
    return () => (document.title = 'Guildhall');
  }, [title]);
  return null;
}
