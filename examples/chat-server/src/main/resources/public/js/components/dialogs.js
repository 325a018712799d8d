import { h } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { tags } from '../tags.js';
import { useChat, useSelect, useSubmit } from './hooks.js';
import { Icon } from './icons.js';

const { dialog, form, header, h2, p, label, span, input, button, div, blockquote } = tags;

const KINDS = {
  'create-guild': CreateGuild,
  'join-guild': JoinGuild,
  'create-channel': CreateChannel,
  invite: Invite,
  'delete-message': DeleteMessage,
  'leave-guild': LeaveGuild,
};

export function Dialogs() {
  const open = useSelect((state) => state.dialog);
  return open && h(KINDS[open.kind], { key: open.kind, ...open });
}

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape, and gives the focus back. */
function Frame({ title, error, onSubmit, children }) {
  const chat = useChat();
  const ref = useRef();
  useLayoutEffect(() => {
    const { current } = ref;
    current.showModal();
    return () => current.close();
  }, []);
  return dialog(
    {
      ref,
      class: 'dialog',
      'aria-labelledby': 'dialog-title',
      onCancel: (event) => {
        event.preventDefault();
        chat.closeDialog();
      },
      onPointerDown: (event) => event.target === ref.current && chat.closeDialog(),
    },
    form(
      {
        noValidate: true,
        onSubmit: (event) => {
          event.preventDefault();
          onSubmit();
        },
      },
      header(
        null,
        h2({ id: 'dialog-title' }, title),
        button(
          { class: 'icon-button', type: 'button', 'aria-label': 'Close', onClick: () => chat.closeDialog() },
          h(Icon, { name: 'close' }),
        ),
      ),
      error && p({ class: 'form-error', role: 'alert', 'data-testid': 'error' }, error),
      children,
    ),
  );
}

/** One text field and one button: what most of the dialogs are. */
function Ask({ title, hint, field, testId, submit, submitTestId, maxLength, initial = '', action }) {
  const chat = useChat();
  const [value, setValue] = useState(initial);
  const { busy, error, run } = useSubmit();
  const onSubmit = () =>
    run(async () => {
      await action(value.trim());
      chat.closeDialog();
      chat.setDrawer(null);
    });
  return h(
    Frame,
    { title, error, onSubmit },
    p({ class: 'quiet' }, hint),
    label(
      { class: 'field' },
      span(null, field),
      input({
        value,
        maxLength,
        autofocus: true,
        autocomplete: 'off',
        autocapitalize: 'none',
        spellcheck: false,
        'data-testid': testId,
        onInput: (event) => setValue(event.target.value),
      }),
    ),
    div(
      { class: 'dialog-actions' },
      button({ class: 'button', type: 'button', onClick: () => chat.closeDialog() }, 'Cancel'),
      button(
        { class: 'button primary', type: 'submit', disabled: busy || !value.trim(), 'data-testid': submitTestId },
        submit,
      ),
    ),
  );
}

function CreateGuild() {
  const chat = useChat();
  return h(Ask, {
    title: 'Create a guild',
    hint: 'A guild is a place for people who have something in common. It starts with one channel, #general.',
    field: 'Name of the guild',
    testId: 'guild-name',
    submit: 'Create guild',
    submitTestId: 'guild-create-submit',
    maxLength: 100,
    action: (name) => chat.createGuild(name),
  });
}

function JoinGuild({ code = '' }) {
  const chat = useChat();
  return h(Ask, {
    title: 'Join a guild',
    hint: 'Somebody in the guild can give you an invite code, or a link that holds it.',
    field: 'Invite code or link',
    testId: 'invite-code',
    submit: 'Join guild',
    submitTestId: 'join-submit',
    maxLength: 400,
    initial: code,
    action: (text) => chat.joinGuild(text.split('#join=').at(-1)),
  });
}

function CreateChannel({ guildId }) {
  const chat = useChat();
  return h(Ask, {
    title: 'Create a channel',
    hint: 'Everybody in the guild can read and write in it.',
    field: 'Name of the channel',
    testId: 'channel-name',
    submit: 'Create channel',
    submitTestId: 'channel-create-submit',
    maxLength: 100,
    action: (name) => chat.createChannel(guildId, name),
  });
}

function Invite({ channelId, guildName }) {
  const chat = useChat();
  const [code, setCode] = useState(null);
  const { error, run } = useSubmit();
  useEffect(() => {
    run(async () => setCode((await chat.createInvite(channelId)).code));
  }, [channelId]);
  return h(
    Frame,
    { title: `Invite people to ${guildName}`, error, onSubmit: () => chat.closeDialog() },
    p({ class: 'quiet' }, 'Whoever has this code can join the guild.'),
    div(
      { class: 'invite-code', 'aria-live': 'polite' },
      code ? span({ 'data-testid': 'invite-code-value' }, code) : span({ class: 'quiet' }, error ? '—' : 'One moment…'),
    ),
    div(
      { class: 'dialog-actions' },
      h(CopyButton, { text: code && `${location.origin}${location.pathname}#join=${code}`, label: 'Copy link' }),
      h(CopyButton, { text: code, label: 'Copy code', primary: true }),
    ),
  );
}

function CopyButton({ text, label: name, primary = false }) {
  const [copied, setCopied] = useState(false);
  const ref = useRef();
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return button(
    {
      ref,
      class: primary ? 'button primary' : 'button',
      type: 'button',
      disabled: !text,
      'aria-live': 'polite',
      onClick: async () => setCopied(await copy(text, ref.current)),
    },
    h(Icon, { name: copied ? 'check' : 'copy', size: 18 }),
    copied ? 'Copied' : name,
  );
}

/** The clipboard's own interface exists only on localhost and over TLS; elsewhere a selected text field does the same. */
async function copy(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'hidden';
    beside.after(field); // inside the dialog: nothing outside of it can have the focus
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    beside.focus();
    return done;
  }
}

function Confirm({ title, submit, action, children }) {
  const chat = useChat();
  const { busy, error, run } = useSubmit();
  const onSubmit = () =>
    run(async () => {
      await action();
      chat.closeDialog();
    });
  return h(
    Frame,
    { title, error, onSubmit },
    children,
    div(
      { class: 'dialog-actions' },
      button({ class: 'button', type: 'button', autofocus: true, onClick: () => chat.closeDialog() }, 'Cancel'),
      button({ class: 'button danger', type: 'submit', disabled: busy, 'data-testid': 'confirm' }, submit),
    ),
  );
}

function DeleteMessage({ message, name }) {
  const chat = useChat();
  return h(
    Confirm,
    { title: 'Delete this message?', submit: 'Delete', action: () => chat.remove(message) },
    blockquote({ class: 'quoted' }, span({ class: 'author' }, name), p(null, message.content)),
  );
}

function LeaveGuild({ guildId, guildName }) {
  const chat = useChat();
  return h(
    Confirm,
    { title: `Leave ${guildName}?`, submit: 'Leave guild', action: () => chat.leaveGuild(guildId) },
    p({ class: 'quiet' }, 'You can come back with an invite code.'),
  );
}
