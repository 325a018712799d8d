import { h } from 'preact';
import { useState } from 'preact/hooks';
import { tags } from '../tags.js';
import { useChat, useSelect, useSubmit } from './hooks.js';
import { Mark } from './icons.js';
import { ThemePicker } from './theme-picker.js';

const { main, form, h1, p, label, span, input, button, div } = tags;

export function Login() {
  const chat = useChat();
  const notice = useSelect((state) => state.notice);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const { busy, error, run } = useSubmit();

  const problem = () => {
    if (!/^[\w.-]{2,32}$/.test(username)) return 'A name has 2 to 32 letters, digits or the signs _ . -';
    const bytes = new TextEncoder().encode(password).length;
    return bytes < 8 || bytes > 72 ? 'A password has 8 to 72 characters.' : null;
  };
  const register = () =>
    run(async () => {
      const wrong = problem();
      if (wrong) throw new Error(wrong);
      await chat.register(username, password);
    });
  const login = (event) => {
    event.preventDefault();
    run(async () => {
      if (!username || !password) throw new Error('Please enter your name and password.');
      await chat.login(username, password);
    });
  };

  return main(
    { class: 'login' },
    form(
      { class: 'login-card', onSubmit: login, noValidate: true },
      h(Mark, { size: 56 }),
      h1(null, 'Guildhall'),
      p({ class: 'quiet' }, 'A hall for every community. Come in, or take a name if you are new here.'),
      (error ?? notice) && p({ class: 'form-error', role: 'alert', 'data-testid': 'error' }, error ?? notice),
      label(
        { class: 'field' },
        span(null, 'Name'),
        input({
          'data-testid': 'username',
          name: 'username',
          autocomplete: 'username',
          autocapitalize: 'none',
          spellcheck: false,
          maxLength: 32,
          autofocus: true,
          value: username,
          onInput: (event) => setUsername(event.target.value.trim()),
        }),
      ),
      label(
        { class: 'field' },
        span(null, 'Password'),
        input({
          'data-testid': 'password',
          name: 'password',
          type: 'password',
          autocomplete: 'current-password',
          value: password,
          onInput: (event) => setPassword(event.target.value),
        }),
      ),
      div(
        { class: 'login-actions' },
        button({ class: 'button primary', type: 'submit', disabled: busy, 'data-testid': 'login' }, 'Log in'),
        button(
          { class: 'button', type: 'button', disabled: busy, onClick: register, 'data-testid': 'register' },
          'Create account',
        ),
      ),
    ),
    h(ThemePicker),
  );
}
