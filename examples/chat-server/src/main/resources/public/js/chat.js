// The chat as the views see it: what a person can do, carried out over REST and the gateway and recorded in the store. Methods
// that a form waits for reject with an ApiError, so that the form can show it in its place; all others report in a toast.

import { Api, ApiError } from './api.js';
import { Gateway } from './gateway.js';
import { createNonce, justAbove } from './ids.js';
import { preferences } from './preferences.js';
import { selectedChannelId } from './state/select.js';
import { createStore, initialState } from './state/store.js';

const PAGE_SIZE = 50;
const CATCH_UP_SIZE = 100;
const CATCH_UP_PAGES = 5;
const CATCH_UP_AGAIN_MS = 5_000;
const TYPING_EVERY_MS = 8_000;
const SAVE_AFTER_MS = 300;

export const MAX_CONTENT = 4_000;

export class Chat {
  store = createStore(initialState({ theme: preferences.theme() }));
  /** Unsent text by channel id; not in the store, because no view but the composer depends on it. */
  drafts = new Map();

  #api = new Api({ onUnauthorized: () => this.#sessionEnded() });
  #gateway = null;
  #token = null;
  #sending = new Map();
  #typedAt = new Map();
  #typingTimer = 0;
  #saveTimer = 0;
  #toastId = 0;

  constructor() {
    this.store.subscribe(() => this.#remember());
    preferences.onSessionRemoved(() => this.#leave());
    addEventListener('online', () => this.reconnectNow());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.reconnectNow();
    });
    const session = preferences.session();
    if (session) this.#enter(session);
  }

  // ---- session

  async register(username, password) {
    this.#enter(await this.#api.register(username, password));
  }

  async login(username, password) {
    try {
      this.#enter(await this.#api.login(username, password));
    } catch (error) {
      if (error.status !== 401) throw error;
      throw new ApiError('The name or the password is wrong.', { status: 401, code: error.code });
    }
  }

  /** The server is asked first, while the token is still known; whether it answers changes nothing here. */
  logOut() {
    this.#api.logout().catch(() => {});
    preferences.saveSession(null);
    this.#leave();
  }

  reconnectNow() {
    this.#gateway?.retryNow();
  }

  #enter({ token, user }) {
    preferences.saveSession({ token, user });
    this.#token = token;
    this.#api.useToken(token);
    this.#dispatch({ type: 'signed-in', user });
    this.#dispatch({ type: 'preferences-loaded', preferences: preferences.ofUser(user.id) });
    this.#gateway = new Gateway({
      locate: this.#api.gateway,
      token,
      status: this.store.state.status,
      listener: {
        dispatch: (event, data) => this.#onDispatch(event, data),
        state: (connection) => this.#dispatch({ type: 'connection', connection }),
        refused: () => this.#sessionEnded(),
      },
    });
    this.#gateway.start();
  }

  /** What is stored may be a newer session already, of another tab that has logged in again. */
  #sessionEnded() {
    if (preferences.session()?.token === this.#token) preferences.saveSession(null);
    this.#leave('Your session has ended. Please log in again.');
  }

  #leave(notice = null) {
    if (!this.store.state.me) return;
    this.#savePreferences();
    this.#gateway?.stop();
    this.#gateway = null;
    this.#api.useToken(null);
    this.#sending.clear();
    this.#typedAt.clear();
    this.drafts.clear();
    this.#dispatch({ type: 'signed-out', notice });
  }

  // ---- guilds and channels

  async createGuild(name) {
    const guild = await this.#api.createGuild(name);
    this.#dispatch({ type: 'guild-entered', guild });
    this.#opened();
  }

  async joinGuild(code) {
    const { guild } = await this.#api.acceptInvite(code);
    this.#dispatch({ type: 'guild-entered', guild });
    this.#opened();
  }

  leaveGuild = (guildId) => this.#api.leaveGuild(guildId);

  async createChannel(guildId, name) {
    const channel = await this.#api.createChannel(guildId, name);
    this.#dispatch({ type: 'dispatch', event: 'CHANNEL_CREATE', data: channel, now: Date.now() });
    this.openChannel(channel.id);
  }

  createInvite = (channelId) => this.#api.createInvite(channelId);

  openGuild(guildId) {
    this.#dispatch({ type: 'guild-selected', guildId });
    this.#opened();
  }

  openChannel(channelId) {
    this.#dispatch({ type: 'channel-selected', channelId });
    this.#opened();
  }

  /** Fetches what the selected channel lacks. */
  #opened() {
    const channelId = selectedChannelId(this.store.state);
    if (!channelId) return;
    const history = this.store.state.histories[channelId];
    if (!history) this.#load(channelId);
    else if (history.staleFrom) this.#catchUp(channelId, history.staleFrom);
  }

  markRead() {
    const channelId = selectedChannelId(this.store.state);
    if (channelId) this.#dispatch({ type: 'read', channelId });
  }

  // ---- messages

  loadOlder() {
    const channelId = selectedChannelId(this.store.state);
    const history = this.store.state.histories[channelId];
    if (!history || history.loading || history.complete || history.failed) return;
    this.#load(channelId, history.items[0]?.id);
  }

  retryHistory() {
    const channelId = selectedChannelId(this.store.state);
    if (channelId) this.#load(channelId, this.store.state.histories[channelId]?.items[0]?.id);
  }

  trimHistory() {
    const channelId = selectedChannelId(this.store.state);
    if (channelId) this.#dispatch({ type: 'history-trimmed', channelId });
  }

  async #load(channelId, before) {
    this.#dispatch({ type: 'history-loading', channelId });
    try {
      const page = await this.#api.messages(channelId, { limit: PAGE_SIZE, before });
      const complete = page.length < PAGE_SIZE;
      this.#dispatch({ type: 'history-loaded', channelId, messages: page.reverse(), complete });
    } catch (error) {
      this.#dispatch({ type: 'history-failed', channelId, reason: error.message });
    }
  }

  /**
   * After a connection was lost: first the last known page once more, which shows what was edited or deleted meanwhile; then,
   * page by page, what is newer.
   */
  async #catchUp(channelId, upTo) {
    try {
      const known = await this.#api.messages(channelId, { limit: PAGE_SIZE, before: justAbove(upTo) });
      const whole = known.length < PAGE_SIZE;
      this.#dispatch({ type: 'reconciled', channelId, messages: known.toReversed(), upTo, whole });
      await this.#fetchMissed(channelId, upTo);
    } catch (error) {
      this.#complain(error);
      setTimeout(() => this.#opened(), CATCH_UP_AGAIN_MS);
    }
  }

  async #fetchMissed(channelId, upTo) {
    for (let after = upTo, pages = 0; pages < CATCH_UP_PAGES; pages++) {
      const missed = await this.#api.messages(channelId, { limit: CATCH_UP_SIZE, after });
      this.#dispatch({ type: 'missed-loaded', channelId, messages: missed.toReversed() });
      if (missed.length < CATCH_UP_SIZE) {
        this.#dispatch({ type: 'caught-up', channelId });
        return;
      }
      after = missed[0].id;
    }
    this.#dispatch({ type: 'history-dropped', channelId });
    await this.#load(channelId);
  }

  send(channelId, content) {
    const nonce = createNonce();
    const entry = { nonce, content, timestamp: new Date().toISOString() };
    this.#dispatch({ type: 'message-sending', channelId, entry });
    this.#typedAt.delete(channelId);
    this.#post(channelId, content, nonce);
  }

  retry(channelId, { nonce, content }) {
    this.#dispatch({ type: 'message-retried', channelId, nonce });
    this.#post(channelId, content, nonce);
  }

  discard(channelId, { nonce }) {
    this.#dispatch({ type: 'message-discarded', channelId, nonce });
  }

  /**
   * One post at a time per channel: messages arrive in the order in which they were written. Those that wait when somebody logs
   * out are never sent, for the call before them does not settle any more.
   */
  #post(channelId, content, nonce) {
    const before = this.#sending.get(channelId) ?? Promise.resolve();
    const posted = before.then(async () => {
      try {
        const message = await this.#api.postMessage(channelId, content, nonce);
        this.#dispatch({ type: 'message-sent', message, nonce });
      } catch (error) {
        this.#dispatch({ type: 'message-failed', channelId, nonce, reason: error.message });
      }
    });
    this.#sending.set(channelId, posted);
  }

  beginEdit = (messageId) => this.#dispatch({ type: 'editing', messageId });
  endEdit = () => this.#dispatch({ type: 'editing', messageId: null });

  /** While the server has not taken the change, the editor stays with what was written. */
  async edit(message, content) {
    try {
      if (content !== message.content) {
        const edited = await this.#api.editMessage(message.channel_id, message.id, content);
        this.#dispatch({ type: 'message-edited', message: edited });
      }
      this.endEdit();
    } catch (error) {
      this.#complain(error);
    }
  }

  async remove(message) {
    await this.#api.deleteMessage(message.channel_id, message.id);
    this.#dispatch({ type: 'message-deleted', channelId: message.channel_id, messageId: message.id });
  }

  removeNow(message) {
    this.remove(message).catch((error) => this.#complain(error));
  }

  /** Tells the others at most once in a while, and never complains: a lost hint is no loss. */
  typing(channelId) {
    const now = Date.now();
    if (now - (this.#typedAt.get(channelId) ?? 0) < TYPING_EVERY_MS) return;
    this.#typedAt.set(channelId, now);
    this.#api.typing(channelId).catch(() => this.#typedAt.delete(channelId));
  }

  // ---- the page itself

  setStatus(status) {
    this.#dispatch({ type: 'status', status });
    this.#gateway?.setStatus(status);
  }

  setTheme(theme) {
    preferences.saveTheme(theme);
    this.#dispatch({ type: 'theme', theme });
  }

  showDialog = (dialog) => this.#dispatch({ type: 'dialog', dialog });
  closeDialog = () => this.#dispatch({ type: 'dialog', dialog: null });
  setDrawer = (drawer) => this.#dispatch({ type: 'drawer', drawer });
  showMembers = (shown) => this.#dispatch({ type: 'members-shown', shown });
  dismissToast = (id) => this.#dispatch({ type: 'toast-gone', id });

  #complain(error) {
    this.#dispatch({ type: 'toast', toast: { id: ++this.#toastId, text: error.message } });
  }

  // ---- events

  #onDispatch(event, data) {
    this.#dispatch({ type: 'dispatch', event, data, now: Date.now() });
    switch (event) {
      case 'READY':
        preferences.saveSession({ ...preferences.session(), user: data.user });
        break;
      case 'GUILD_CREATE':
        if (data.members.length < (data.member_count ?? 0)) this.#gateway.requestMembers(data.id);
        this.#opened();
        break;
      case 'GUILD_DELETE':
      case 'CHANNEL_DELETE':
        this.#opened();
        break;
      case 'TYPING_START':
        this.#watchTyping();
        break;
      default: // the store has taken it
    }
  }

  /** Ticks only while somebody is typing. */
  #watchTyping() {
    if (this.#typingTimer) return;
    this.#typingTimer = setInterval(() => {
      this.#dispatch({ type: 'typing-expired', now: Date.now() });
      if (Object.keys(this.store.state.typing).length > 0) return;
      clearInterval(this.#typingTimer);
      this.#typingTimer = 0;
    }, 1_000);
  }

  #dispatch(action) {
    this.store.dispatch(action);
  }

  #remember() {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => this.#savePreferences(), SAVE_AFTER_MS);
  }

  #savePreferences() {
    clearTimeout(this.#saveTimer);
    const { me } = this.store.state;
    if (me) preferences.saveOfUser(me.id, this.store.state);
  }
}
