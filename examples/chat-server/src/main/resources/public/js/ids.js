// Snowflakes are decimal strings of up to 64 bits, more than a number holds exactly. Without leading zeros the longer string
// is the larger id, and among equally long ones the order of text is the order of value: the order of BigInt, without one
// BigInt per comparison.

export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export function isNewer(a, b) {
  return compareIds(a ?? '0', b ?? '0') > 0;
}

export function newest(a, b) {
  return isNewer(a, b) ? a : b;
}

/** The smallest id above this one: "before" that, this one is included. */
export function justAbove(id) {
  return String(BigInt(id) + 1n);
}

/** A key that this page gives a message before the server knows it. */
export function createNonce() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `${Date.now().toString(36)}-${random[0].toString(36)}${random[1].toString(36)}`.slice(0, 25);
}
