/** Drafts of forms with their photos, kept in the browser (IndexedDB) until sent; in memory where that is refused. */

const STORE = 'drafts';
const memory = new Map();
let opened;

/** A random word of 128 bits, also where the page came over plain http. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function open() {
  opened = opened || new Promise((resolve, reject) => {
    const request = indexedDB.open('mashangban', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
  });
  return opened;
}

async function withStore(mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const change = base.transaction(STORE, mode);
    const request = act(change.objectStore(STORE));
    change.oncomplete = () => resolve(request.result);
    change.onerror = () => reject(change.error);
    change.onabort = () => reject(change.error);
  });
}

/** The draft under this key, or undefined. */
export async function load(key) {
  try {
    return (await withStore('readonly', (store) => store.get(key))) || memory.get(key);
  } catch (refused) {
    return memory.get(key);
  }
}

/** Keep a draft; without room for photos at least the words are kept. */
export async function save(key, draft) {
  memory.set(key, draft);
  try {
    await withStore('readwrite', (store) => store.put(draft, key));
  } catch (full) {
    const words = { ...draft, photos: [] };
    await withStore('readwrite', (store) => store.put(words, key)).catch(() => undefined);
  }
}

/** Forget a draft. */
export async function drop(key) {
  memory.delete(key);
  await withStore('readwrite', (store) => store.delete(key)).catch(() => undefined);
}

const personal = (field) => field.name && !field.disabled && !['hidden', 'file', 'submit', 'button', 'password'].includes(field.type);

/** What a person filled in: pairs of name and value, without hidden fields and files. */
export function read(form) {
  return Array.from(form.elements).filter(personal)
    .filter((field) => !['radio', 'checkbox'].includes(field.type) || field.checked)
    .map((field) => [field.name, field.value]);
}

/** Put pairs back into the form. */
export function fill(form, pairs) {
  Array.from(form.elements).filter(personal).forEach((field) => {
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (['radio', 'checkbox'].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) [field.value] = values;
  });
}

/** What is posted: the form without its files, the key that makes it one, and the ids of its photos. */
export function pack(form, key, ids) {
  const data = new FormData(form);
  data.delete('photo');
  data.set('key', key);
  ids.forEach((id) => data.append('photos', id));
  return data;
}
