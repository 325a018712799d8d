import { h } from 'preact';

const PATHS = {
  plus: 'M10 4v12M4 10h12',
  door: 'M4 17h12M6 17V4.500A1.5 1.5 0 0 1 7.5 3h5A1.5 1.5 0 0 1 14 4.500V17M11.5 10v.6',
  hash: 'M8 3 6.5 17M13.5 3 12 17M4 7.500h13M3.5 12.500h13',
  people:
    'M7.5 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2 17c.3-3 2.6-5 5.5-5s5.2 2 5.5 5M13 3.800a2.8 2.8 0 0 1 0 5.400M15 12.500c1.7.7 2.8 2.3 3 4.5',
  invite: 'M8 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 17c.3-3 2.6-5 5.5-5s5.2 2 5.5 5M15.5 6v5M13 8.500h5',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  close: 'M5 5l10 10M15 5 5 15',
  edit: 'M4 16l.8-3.500L13 4.300a1.4 1.4 0 0 1 2 0l.7.7a1.4 1.4 0 0 1 0 2L7.5 15.200z',
  trash: 'M4 5.500h12M8 5.500V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.500M5.5 5.5 6.3 16a1 1 0 0 0 1 1h5.400a1 1 0 0 0 1-1l.8-10.500M8.5 9v4.500M11.5 9v4.5',
  copy: 'M7 7V4.500A1.5 1.5 0 0 1 8.5 3h7A1.5 1.5 0 0 1 17 4.500v7a1.5 1.5 0 0 1-1.5 1.500H13M4.5 7h7A1.5 1.5 0 0 1 13 8.500v7a1.5 1.5 0 0 1-1.5 1.500h-7A1.5 1.5 0 0 1 3 15.500v-7A1.5 1.5 0 0 1 4.5 7',
  check: 'M4 10.5 8 14.5 16 5.5',
  send: 'M3.5 10 16.5 3.5 13 16.5 9.5 11z M9.5 11l7-7.5',
  alert: 'M10 3 2.5 16.500h15zM10 8v4M10 14.200v.1',
  retry: 'M16 10a6 6 0 1 1-1.8-4.300M16 3v3.500h-3.5',
  down: 'M10 4v12M5 11l5 5 5-5',
  leave: 'M12 3H5.500A1.5 1.5 0 0 0 4 4.500v11A1.5 1.5 0 0 0 5.5 17H12M8.5 10H17M14 7l3 3-3 3',
  chevron: 'M5.5 8 10 12.5 14.5 8',
  key: 'M12.5 11.500a4 4 0 1 0-3.6-2.300L3.5 14.500V17H6v-1.800h1.800v-1.800h1.500l1-1a4 4 0 0 0 2.2-.9M13.3 6.700v.1',
};

/** Decoration only: whatever carries an icon has a label of its own. */
export function Icon({ name, size = 20 }) {
  return h(
    'svg',
    { class: 'icon', viewBox: '0 0 20 20', width: size, height: size, 'aria-hidden': 'true', focusable: 'false' },
    h('path', { d: PATHS[name] }),
  );
}

/** The mark: a hall with a gable and three arches. */
export function Mark({ size = 40 }) {
  const arch = (x) => `M${x} 25v-5a2.6 2.6 0 0 1 5.2 0v5z`;
  return h(
    'svg',
    { class: 'mark', viewBox: '0 0 32 32', width: size, height: size, 'aria-hidden': 'true', focusable: 'false' },
    h('rect', { width: 32, height: 32, rx: 8, class: 'mark-ground' }),
    h('path', { d: 'M5 14 16 6l11 8zM6 15.200h20v1.600H6z', class: 'mark-gable' }),
    h('path', { d: arch(7) + arch(13.4) + arch(19.8), class: 'mark-arches' }),
  );
}
