// REST, version 10. Every method resolves with the parsed body or rejects with an ApiError, whose message may be shown. A call
// goes out with the token of its beginning only. If somebody logs out or in meanwhile, it is not tried again and never settles:
// whoever waited for it is gone, and the next person must neither send nor see what was the last one's.

const BASE = '/api/v10';
const PATIENCE_MS = 20_000;
const MAX_WAITS_FOR_RATE_LIMIT = 3;

export class ApiError extends Error {
  /** A status of 0 means that no answer came at all. */
  constructor(message, { status = 0, code = 0, retryAfterMs = 0 } = {}) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export class Api {
  #token = null;
  #onUnauthorized;

  constructor({ onUnauthorized }) {
    this.#onUnauthorized = onUnauthorized;
  }

  useToken(token) {
    this.#token = token;
  }

  register = (username, password) => this.#call('POST', '/auth/register', { username, password });
  login = (username, password) => this.#call('POST', '/auth/login', { username, password });
  logout = () => this.#call('POST', '/auth/logout');
  gateway = () => this.#call('GET', '/gateway');

  createGuild = (name) => this.#call('POST', '/guilds', { name });
  leaveGuild = (guildId) => this.#call('DELETE', `/users/@me/guilds/${guildId}`);
  createChannel = (guildId, name) => this.#call('POST', `/guilds/${guildId}/channels`, { name, type: 0 });

  createInvite = (channelId) => this.#call('POST', `/channels/${channelId}/invites`, {});
  acceptInvite = (code) => this.#call('POST', `/invites/${encodeURIComponent(code)}`, {});

  /** Newest first. */
  messages(channelId, { limit, before, after }) {
    const query = new URLSearchParams({ limit });
    if (before) query.set('before', before);
    if (after) query.set('after', after);
    return this.#call('GET', `/channels/${channelId}/messages?${query}`);
  }

  postMessage = (channelId, content, nonce) =>
    this.#call('POST', `/channels/${channelId}/messages`, { content, nonce });
  editMessage = (channelId, id, content) => this.#call('PATCH', `/channels/${channelId}/messages/${id}`, { content });
  deleteMessage = (channelId, id) => this.#call('DELETE', `/channels/${channelId}/messages/${id}`);
  typing = (channelId) => this.#call('POST', `/channels/${channelId}/typing`);

  async #call(method, path, body) {
    const token = this.#token;
    for (let waits = 0; ; waits++) {
      try {
        const answer = await this.#attempt(method, path, body, token);
        return token === this.#token ? answer : unsettled();
      } catch (error) {
        if (token !== this.#token) return unsettled();
        if (error.status !== 429 || error.retryAfterMs === 0 || waits >= MAX_WAITS_FOR_RATE_LIMIT) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
        if (token !== this.#token) return unsettled();
      }
    }
  }

  async #attempt(method, path, body, token) {
    const response = await this.#fetch(method, path, body, token);
    const text = await response.text().catch(() => '');
    const parsed = parse(text);
    if (response.ok) return parsed;
    if (response.status === 401 && token && token === this.#token) this.#onUnauthorized();
    throw new ApiError(parsed?.message || `The server answered with status ${response.status}.`, {
      status: response.status,
      code: parsed?.code ?? 0,
      retryAfterMs: retryAfterMs(parsed, response),
    });
  }

  async #fetch(method, path, body, token) {
    const headers = {};
    if (token) headers.Authorization = token;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    try {
      return await fetch(BASE + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
        cache: 'no-store',
      });
    } catch (error) {
      throw new ApiError(
        error.name === 'TimeoutError' ? 'The server took too long to answer.' : 'The server cannot be reached.',
      );
    }
  }
}

/** A new one each time, so that those who wait for it can be forgotten with it. */
function unsettled() {
  return new Promise(() => {});
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function retryAfterMs(body, response) {
  if (response.status !== 429) return 0;
  const seconds = Number(body?.retry_after ?? response.headers.get('Retry-After'));
  return Number.isFinite(seconds) && seconds <= 30 ? Math.max(seconds, 0.1) * 1000 : 0;
}
