// Live events over one WebSocket.
//
//   locating -> opening -> (hello) identifying -> (READY)   connected
//       ^           |                ^                         | ^
//       |           +------> (hello) resuming -> (RESUMED) ----|-+   if there is a session to go on with
//       |                        |                             |
//       +------ waiting <--------+-----------------------------+   socket lost, heartbeat unanswered, or the server asked for it
//
// A session outlives its socket: what was missed is sent again, in order, before RESUMED. One that the server does not know any more
// is given up, and the page identifies anew on the same socket.
//
// `#socket` is the socket whose events count; one that was given up has no listeners left, so a late event of it cannot disturb
// its successor. Each wait before a new attempt is twice the one before, with jitter, so that the pages of a restarted server do
// not all come back in the same instant.

const OP = {
  DISPATCH: 0,
  HEARTBEAT: 1,
  IDENTIFY: 2,
  PRESENCE: 3,
  RESUME: 6,
  RECONNECT: 7,
  REQUEST_MEMBERS: 8,
  INVALID_SESSION: 9,
  HELLO: 10,
  HEARTBEAT_ACK: 11,
};

const CLOSE_NORMAL = 1000;
const CLOSE_ZOMBIE = 4000;
const CLOSE_BAD_TOKEN = 4004;
const CLOSE_BAD_SEQUENCE = 4007;

// guilds, members, presences, messages, typing, message content
const INTENTS = (1 << 0) | (1 << 1) | (1 << 8) | (1 << 9) | (1 << 11) | (1 << 15);

const READY_WITHIN_MS = 15_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;

/** A connection that lasts so long has worked: the next wait is a short one again. */
const STEADY_AFTER_MS = 5_000;

/** How long to wait before attempt n (from 0): between half and all of a doubling step. */
export function backOffMs(attempt, random = Math.random) {
  const step = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
  return Math.round(step / 2 + (step / 2) * random());
}

export class Gateway {
  #locate;
  #token;
  #status;
  #listener;

  #running = false;
  #socket = null;
  #sessionId = null;
  #sequence = null;
  #acknowledged = true;
  #attempt = 0;
  #wasConnected = false;
  #connected = false;
  #generation = 0;
  #retryTimer = 0;
  #readyTimer = 0;
  #beatTimer = 0;
  #steadyTimer = 0;

  /**
   * @param locate resolves with the gateway's address
   * @param listener { dispatch(type, data), state({ state, retryAt, attempt }), refused() }
   */
  constructor({ locate, token, status, listener }) {
    this.#locate = locate;
    this.#token = token;
    this.#status = status;
    this.#listener = listener;
  }

  start() {
    this.#running = true;
    this.#open();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#retryTimer);
    this.#forgetSession();
    this.#abandon(CLOSE_NORMAL);
  }

  /** Ends a wait early; does nothing while an attempt is under way or the gateway is connected. */
  retryNow() {
    if (this.#retryTimer) this.#open();
  }

  setStatus(status) {
    this.#status = status;
    if (this.#connected) this.#send(OP.PRESENCE, presence(status));
  }

  requestMembers(guildId) {
    this.#send(OP.REQUEST_MEMBERS, { guild_id: guildId, query: '', limit: 0, presences: true });
  }

  async #open() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = 0;
    this.#announce(null);
    const generation = ++this.#generation;
    let url;
    try {
      url = (await this.#locate()).url;
    } catch {
      if (this.#running && generation === this.#generation) this.#waitAndRetry();
      return;
    }
    if (!this.#running || generation !== this.#generation) return;
    this.#connect(`${url.replace(/\/$/, '')}/?v=10&encoding=json`);
  }

  #connect(url) {
    let socket;
    try {
      socket = new WebSocket(url);
    } catch {
      this.#waitAndRetry();
      return;
    }
    this.#socket = socket;
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = (event) => this.#lost(event.code);
    this.#readyTimer = setTimeout(() => this.#reconnect(), READY_WITHIN_MS);
  }

  #receive(data) {
    const frame = JSON.parse(data);
    if (frame.s != null) this.#sequence = frame.s;
    switch (frame.op) {
      case OP.HELLO:
        this.#beatEvery(frame.d.heartbeat_interval);
        if (this.#sessionId) this.#resume();
        else this.#identify();
        break;
      case OP.HEARTBEAT:
        this.#send(OP.HEARTBEAT, this.#sequence);
        break;
      case OP.HEARTBEAT_ACK:
        this.#acknowledged = true;
        break;
      case OP.INVALID_SESSION:
        if (frame.d) {
          this.#reconnect();
        } else {
          this.#forgetSession();
          this.#identify();
        }
        break;
      case OP.RECONNECT:
        this.#reconnect();
        break;
      case OP.DISPATCH:
        this.#dispatch(frame.t, frame.d);
        break;
      default: // an opcode of a later server is none of this page's business
    }
  }

  #dispatch(type, data) {
    if (type === 'READY') this.#sessionId = data.session_id;
    if (type === 'READY' || type === 'RESUMED') {
      clearTimeout(this.#readyTimer);
      this.#steadyTimer = setTimeout(() => (this.#attempt = 0), STEADY_AFTER_MS);
      this.#connected = true;
      this.#wasConnected = true;
      this.#listener.state({ state: 'connected', retryAt: null, attempt: 0 });
    }
    if (type === 'RESUMED') this.setStatus(this.#status); // which may have changed meanwhile
    this.#listener.dispatch(type, data);
  }

  #identify() {
    this.#send(OP.IDENTIFY, {
      token: this.#token,
      intents: INTENTS,
      properties: { os: 'web', browser: 'guildhall-page', device: '' },
      presence: presence(this.#status),
    });
  }

  #resume() {
    this.#send(OP.RESUME, { token: this.#token, session_id: this.#sessionId, seq: this.#sequence });
  }

  #forgetSession() {
    this.#sessionId = null;
    this.#sequence = null;
  }

  #beatEvery(interval) {
    clearTimeout(this.#beatTimer);
    this.#acknowledged = true;
    const beat = () => {
      if (!this.#acknowledged) {
        this.#reconnect();
        return;
      }
      this.#acknowledged = false;
      this.#send(OP.HEARTBEAT, this.#sequence);
      this.#beatTimer = setTimeout(beat, interval);
    };
    this.#beatTimer = setTimeout(beat, interval * Math.random());
  }

  #lost(code) {
    this.#abandon(CLOSE_NORMAL);
    if (code === CLOSE_BAD_SEQUENCE) this.#forgetSession();
    if (code === CLOSE_BAD_TOKEN) {
      this.#running = false;
      this.#listener.refused();
    } else if (this.#running) {
      this.#waitAndRetry();
    }
  }

  #reconnect() {
    this.#abandon(CLOSE_ZOMBIE);
    this.#waitAndRetry();
  }

  #waitAndRetry() {
    const wait = backOffMs(this.#attempt++);
    this.#retryTimer = setTimeout(() => this.#open(), wait);
    this.#announce(Date.now() + wait);
  }

  #announce(retryAt) {
    const state = this.#wasConnected || this.#attempt > 0 ? 'reconnecting' : 'connecting';
    this.#listener.state({ state, retryAt, attempt: this.#attempt });
  }

  /** Lets go of the socket at once: a dead one may take minutes to say that it is closed. */
  #abandon(code) {
    clearTimeout(this.#readyTimer);
    clearTimeout(this.#beatTimer);
    clearTimeout(this.#steadyTimer);
    this.#generation++;
    this.#connected = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
  }

  #send(op, d) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ op, d }));
  }
}

function presence(status) {
  return { status, activities: [], since: status === 'idle' ? Date.now() : null, afk: false };
}
