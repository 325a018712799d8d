// Text that people wrote, cut into plain pieces and links. It never becomes HTML: the views render the pieces as text nodes.

const LINK = /https?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,:;!?…]+$/;

/** Pieces in order: { text } or { text, href }. Only http and https become links. */
export function pieces(content) {
  const found = [];
  let from = 0;
  for (const match of content.matchAll(LINK)) {
    const text = trimLink(match[0]);
    const href = safeHref(text);
    if (!href) continue;
    if (match.index > from) found.push({ text: content.slice(from, match.index) });
    found.push({ text, href });
    from = match.index + text.length;
  }
  if (from < content.length) found.push({ text: content.slice(from) });
  return found;
}

/** A full stop after a link ends the sentence, and a bracket that was opened outside it closes outside it. */
function trimLink(link) {
  let text = link.replace(TRAILING, '');
  while (text.endsWith(')') && count(text, ')') > count(text, '(')) text = text.slice(0, -1).replace(TRAILING, '');
  return text;
}

function count(text, character) {
  return text.split(character).length - 1;
}

function safeHref(text) {
  try {
    const url = new URL(text);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}
