import { h, render } from 'preact';
import { Chat } from './chat.js';
import { App } from './components/app.js';

render(h(App, { chat: new Chat() }), document.getElementById('app'));
