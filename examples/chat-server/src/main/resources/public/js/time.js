// Dates and times in the reader's own language and zone.

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const DAY_MS = 86_400_000;

export const clockTime = (iso) => time.format(new Date(iso));

/** Without "AM" and "PM", for where there is no room and the full time stands near by. */
export const shortTime = (iso) =>
  time
    .formatToParts(new Date(iso))
    .filter((part) => part.type === 'hour' || part.type === 'minute')
    .map((part) => part.value)
    .join(':');

export const fullTime = (iso) => full.format(new Date(iso));

export function dayKey(iso) {
  return startOfDay(new Date(iso)).getTime();
}

export function dayName(iso, now = new Date()) {
  // rounded, because a day on which the clocks change has 23 or 25 hours
  const ago = Math.round((startOfDay(now) - startOfDay(new Date(iso))) / DAY_MS);
  if (ago > 1 || ago < 0) return day.format(new Date(iso));
  const name = relative.format(-ago, 'day');
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}
