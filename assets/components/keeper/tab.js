// Choices that are too long for a link, in the tab's own storage: they come back with a reload, and go with the tab.

const NAME = "rnn-explorer-choices";

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Store */

/**
 * Keep the choices beside the address they belong to; null: a link holds them, and nothing is kept.
 * @param {Store} store
 * @param {string} address
 * @param {string | null} choices
 */
export function remember(store, address, choices) {
  if (choices === null) store.removeItem(NAME);
  else store.setItem(NAME, JSON.stringify({ address, choices }));
}

/**
 * What was kept at this address, or at another one if this says nothing
 * @param {Store} store
 * @param {string} address
 * @returns {string | null}
 */
export function recall(store, address) {
  const kept = store.getItem(NAME);
  if (kept === null) return null;
  const found = JSON.parse(kept);
  return address === "" || address === found.address ? found.choices : null;
}
