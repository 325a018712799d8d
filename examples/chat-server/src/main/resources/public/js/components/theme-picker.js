import { tags } from '../tags.js';
import { useChat, useSelect } from './hooks.js';

const { fieldset, legend, label, input, span } = tags;

const THEMES = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function ThemePicker() {
  const chat = useChat();
  const chosen = useSelect((state) => state.theme);
  return fieldset(
    { class: 'segments', 'data-testid': 'theme' },
    legend({ class: 'hidden' }, 'Theme'),
    THEMES.map(([theme, text]) =>
      label(
        { key: theme, class: 'segment' },
        input({
          type: 'radio',
          name: 'theme',
          value: theme,
          checked: theme === chosen,
          onChange: () => chat.setTheme(theme),
        }),
        span(null, text),
      ),
    ),
  );
}
