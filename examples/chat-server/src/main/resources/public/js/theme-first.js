// Runs before the first paint, so that a chosen theme does not flash in from the other one.
try {
  const theme = JSON.parse(localStorage.getItem('guildhall.theme'));
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // no storage, no choice: the system's theme it is
}
