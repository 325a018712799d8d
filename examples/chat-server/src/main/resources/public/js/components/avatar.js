import { tags } from '../tags.js';

const { span } = tags;

/**
 * The same id has the same colour on every page and after every start. FNV-1a with a final mix, because ids of one moment differ
 * in few digits only.
 */
function hueOf(id) {
  let hash = 0x811c9dc5;
  for (const character of String(id)) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % 360;
}

function initialsOf(name) {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...(words[0] ?? '?')].slice(0, 2);
  return letters.join('').toLocaleUpperCase();
}

export function Avatar({ id, name, status, square = false }) {
  return span(
    { class: square ? 'avatar square' : 'avatar', style: { '--hue': hueOf(id) }, 'aria-hidden': 'true' },
    span({ class: 'initials' }, initialsOf(name)),
    status && span({ class: 'presence-dot', 'data-status': status }),
  );
}
